// Claims on the page: the verdict by mark, word and colour, what the paper says, what was seen.
import { type Html, html, raw } from './html.ts'
import type { Claim, Topic, Verdict } from './verdict.ts'

const strokes: Readonly<Record<Verdict, string>> = {
  held: '<path d="M4.2 8.3l2.5 2.5 5-5.4"/>',
  partly: '<path d="M4.6 8h6.8"/>',
  'not held': '<path d="M5.2 5.2l5.6 5.6M10.8 5.2l-5.6 5.6"/>',
}

/** The verdict's mark: a tick, a bar or a cross in a ring. */
export const verdictMark = (verdict: Verdict): Html =>
  raw(
    `<svg aria-hidden="true" width="16" height="16" viewBox="0 0 16 16" fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round"><circle cx="8" cy="8" r="7" stroke-opacity=".45" stroke-width="1.2"/>${strokes[verdict]}</svg>`,
  )

const words: Readonly<Record<Verdict, string>> = {
  held: 'Held',
  partly: 'Held in part',
  'not held': 'Not held',
}

const claimItem = ({
  figure,
  claim,
  rule,
  seen,
  verdict,
}: Claim): Html => html`<li class="${verdict.replace(' ', '-')}">
<p class="verdict">${verdictMark(verdict)}<span>${words[verdict]}</span> <span class="place">${figure}</span></p>
<p class="said">${claim}</p>
<p class="seen">${seen}</p>
<details><summary>How it is judged</summary>${rule[0]?.toUpperCase() ?? ''}${rule.slice(1)}.</details>
</li>
`

/** The claims of one topic as a list; `spread` sets it in as many columns as there is room for. */
export const claimList = (
  claims: ReadonlyArray<Claim>,
  topic: Topic,
  layout: 'column' | 'spread',
): Html =>
  html`<ul class="claims${layout === 'spread' ? ' spread' : ''}">
${claims.filter(claim => claim.topic === topic).map(claimItem)}</ul>`

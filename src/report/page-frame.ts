// What all pages share: the document around them, the facts at their top, and how to repeat the run.
import { type Html, html, raw } from './html.ts'
import { styleSheet } from './style.ts'

/** A page's title, its sections, and how many measured epochs need colours. */
export interface Page {
  readonly title: string
  readonly body: ReadonlyArray<Html>
  readonly epochs: number
}

/** One HTML file: styles are in it, no script, nothing to fetch. */
export const pageText = ({ title, body, epochs }: Page): string =>
  html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${raw(styleSheet(epochs))}</style>
</head>
<body>
<main>
${body.map(part => html`${part}\n`)}</main>
</body>
</html>
`.text

/** A figure with its name above and a note below. */
export const fact = (name: string, value: string, note: string): Html =>
  html`<div><dt>${name}</dt><dd>${value}<small>${note}</small></dd></div>`

/** The figures at the top of a page. */
export const factList = (facts: ReadonlyArray<Html>): Html =>
  html`<dl class="facts">
${facts}
</dl>`

/** nc1 as a formula, and what it says. */
export const nc1Formula = html`<span class="formula">nc1 = tr(Σ<sub>W</sub> Σ<sub>B</sub><sup>†</sup>) / K</span> sets the covariance of features within their K classes against that of the class means; it is 0 when all features of a class are one point.`

/** The paper, with its address. */
export const paper = html`<p style="margin-top:12px">X. Li, S. Liu, J. Zhou, X. Lu, C. Fernandez-Granda, Z. Zhu, Q. Qu: Principled and Efficient Transfer Learning of Deep Models via Neural Collapse. <a href="https://arxiv.org/abs/2212.12206">arXiv:2212.12206</a></p>`

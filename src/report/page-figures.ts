// Pictures on the page: each drawn for wide and narrow screens, with its key and caption in HTML.
import type { DemoResult } from '../experiments/demo-result.ts'
import type { Chart, Size } from './chart-frame.ts'
import { panelChart, type Panelled, panelScale, panelsOf } from './chart-collapse.ts'
import { type Html, html, raw } from './html.ts'
import { methodName, type Shown, shownMethods } from './names.ts'
import { epochColour, methodColour, methodDash } from './palette.ts'
import { drawSvg } from './svg.ts'

const shapes: Readonly<Record<Shown, string>> = {
  probe: '<circle cx="0" cy="0" r="4"/>',
  layer: '<rect x="-3.6" y="-3.6" width="7.2" height="7.2"/>',
  scl: '<path d="M0-4.4L4.6 3.6H-4.6Z"/>',
  paths: '<path d="M0 4.4L4.6-3.6H-4.6Z"/>',
  full: '<path d="M0-5L3.6 0L0 5L-3.6 0Z"/>',
}

/** A method's point alone, to stand before its name in a table. */
export const methodMark = (method: Shown): Html =>
  raw(
    `<svg class="mark" aria-hidden="true" width="10" height="10" viewBox="-5 -5 10 10" fill="${methodColour(method)}">${shapes[method]}</svg>`,
  )

const lineMark = (method: Shown): Html =>
  raw(
    `<svg aria-hidden="true" width="30" height="10" viewBox="-15 -5 30 10" fill="${methodColour(method)}"><path d="M-15 0H15" stroke="${methodColour(method)}" stroke-width="2" stroke-dasharray="${methodDash[method].join(' ')}"/>${shapes[method]}</svg>`,
  )

/** The key of the methods that occur in a result, as lines or as points. */
export const methodKey = (present: ReadonlyArray<Shown>, as: 'lines' | 'points'): Html =>
  html`<ul class="key">${shownMethods
    .filter(method => present.includes(method))
    .map(
      method =>
        html`<li>${as === 'lines' ? lineMark(method) : methodMark(method)}${methodName[method]}</li>`,
    )}</ul>`

/** The key of lines that differ by colour, broken ones by their pattern of dashes. */
export const lineKey = (
  lines: ReadonlyArray<{
    readonly name: string
    readonly colour: string
    readonly dash?: string
  }>,
): Html =>
  html`<ul class="key">${lines.map(
    ({ name, colour, dash = 'none' }) =>
      html`<li>${raw(`<svg aria-hidden="true" width="30" height="10" viewBox="-15 -5 30 10"><path d="M-15 0H15" stroke="${colour}" stroke-width="2" stroke-dasharray="${dash}"/></svg>`)}${name}</li>`,
  )}</ul>`

/** The key of the measured epochs. */
export const epochKey = ({ source }: DemoResult): Html =>
  html`<ul class="key steps"><li class="soft">epoch</li>${source.map(
    ({ epoch }, i) =>
      html`<li><span class="swatch" style="background:${epochColour(i)}"></span>${epoch}</li>`,
  )}</ul>`

const wide: Size = { width: 660, height: 390 }
const narrow: Size = { width: 350, height: 310 }

/** A picture in two sizes, of which the style sheet shows one, under its key and above its caption. */
export const figure = async (
  chart: (size: Size) => Chart,
  key: Html,
  caption: Html,
): Promise<Html> => {
  const [large, small] = await Promise.all([wide, narrow].map(size => drawSvg(chart(size))))
  return html`<figure>${key}<div class="wide">${raw(large ?? '')}</div><div class="narrow">${raw(small ?? '')}</div><figcaption>${caption}</figcaption></figure>`
}

/** Figure 10: one small picture for each tuned layer, all on one scale. */
export const panels = async (result: Panelled): Promise<Html> => {
  const scale = panelScale(result)
  const drawn = await Promise.all(
    panelsOf(result).map(async panel => {
      const chart = panelChart(panel, result.layers, scale, { width: 260, height: 200 })
      return html`<figure><h3><span class="soft">tuned:</span> ${panel.title}</h3>${raw(await drawSvg(chart))}</figure>`
    }),
  )
  return html`<div class="panels">${drawn}</div>`
}

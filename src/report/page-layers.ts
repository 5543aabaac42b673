// The page of `collapse measure`: collapse along a network's layers, or of one set of features, in one HTML file.
import type { LayerReport } from '../collapse/layer-report.ts'
import { drawnMetrics, isDrawable, metricChart, nc1Chart } from './chart-layers.ts'
import { count, duration, significant } from './format.ts'
import { type Html, html, raw } from './html.ts'
import { layerNotes, mostCollapsed, type Note } from './layer-notes.ts'
import { layersTable, metricsTable } from './layers-table.ts'
import { classSizes, formulae, metricsOf, reasonOf, metricTexts } from './metric-texts.ts'
import { definitions, type Entry } from './page-details.ts'
import { figure, lineKey } from './page-figures.ts'
import { fact, factList, nc1Formula, pageText, paper } from './page-frame.ts'
import { baselineColour, metricColour } from './palette.ts'
import { drawSvg } from './svg.ts'

/** What was measured, and how: `subject` is the network's name or the file's, `settings` all that was chosen. */
export interface LayersPage {
  readonly subject: string
  readonly layers: ReadonlyArray<LayerReport>
  readonly settings: ReadonlyArray<Entry>
  readonly device: ReadonlyArray<Entry>
  readonly date: string
  readonly command: string
  readonly seconds: number
}

type Layers = ReadonlyArray<LayerReport>

const facts = (layers: Layers): Html => {
  const last = layers.at(-1)
  if (last === undefined) return factList([])
  const at = layers.length > 1 ? `at ${last.layer}` : ''
  const best = mostCollapsed(layers)
  const entries: ReadonlyArray<readonly [string, number | null, string]> = [
    ['nc1', last.nc1, at],
    ['nc1 without structure', last.nullNc1, at],
    best === undefined || best.nc1 === last.nc1
      ? ['Numerical rank', last.numericalRank, at]
      : ['nc1, most collapsed', best.nc1, `at ${best.layer}`],
    ['CDNV', last.cdnv, at],
    ['Distance to a simplex', last.etfDistance, at],
  ]
  return factList(
    entries.flatMap(([name, value, note]) =>
      value === null ? [] : [fact(name, significant(value), note)],
    ),
  )
}

const lead = ({ layers }: LayersPage): string => {
  const [first] = layers
  if (first === undefined) return 'Nothing was measured.'
  const units = layers.filter(({ unit }) => unit !== null).length
  const where =
    units === 0
      ? `Features of width ${count(first.d)}`
      : `The outputs of ${count(units)} fine-tuning units and the classifier's input`
  return `${where}, on ${count(first.n)} samples of ${count(first.classes)} classes, ${classSizes(first)}.`
}

const header = (page: LayersPage, title: string): Html => html`<header>
<p class="kicker">collapse · ${page.date}</p>
<h1>${title}</h1>
<p class="lead">${lead(page)}</p>
<dl class="given">${page.settings
  .filter(([, value]) => value !== '')
  .map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
${facts(page.layers)}
</header>`

const noteItem = ({ said, seen }: Note): Html =>
  html`<li><p class="said">${said}</p>${seen === '' ? [] : [html`<p class="seen">${seen}</p>`]}</li>
`

const nc1Section = async (layers: Layers): Promise<ReadonlyArray<Html>> => {
  if (!isDrawable(layers, 'nc1')) return []
  const hasNull = isDrawable(layers, 'nullNc1')
  const key = lineKey([
    { name: 'nc1', colour: metricColour },
    ...(hasNull ? [{ name: 'without structure', colour: baselineColour, dash: '5 3' }] : []),
  ])
  const caption = hasNull
    ? html`The broken line is nc1 of features of the same width and number that carry no structure.`
    : html`The baseline of features without structure needs classes of equal size and more dimensions than classes.`
  return [
    html`<section>
<h2>Collapse along the layers</h2>
<p>nc1 of every layer's output. Smaller is more collapsed: variation within classes vanishes against that between them.</p>
<div class="pair">${await figure(size => nc1Chart(layers, size), key, caption)}
<ul class="claims">
${layerNotes(layers).map(noteItem)}</ul></div>
</section>`,
  ]
}

const small = { width: 260, height: 200 }

const panelsSection = async (layers: Layers): Promise<ReadonlyArray<Html>> => {
  const drawn = await Promise.all(
    drawnMetrics
      .filter(({ name }) => isDrawable(layers, name))
      .map(async metric => {
        const svg = await drawSvg(metricChart(layers, metric, small))
        return html`<figure><h3>${metric.name}<span class="soft">${metric.title}</span></h3>${raw(svg)}</figure>`
      }),
  )
  if (drawn.length === 0) return []
  return [
    html`<section>
<h2>The other measures</h2>
<p>Against the numbers of the fine-tuning units, then at the classifier's input (in). Variances are on log scales; the other axes begin at perfect collapse.</p>
<div class="panels metrics">${drawn}</div>
</section>`,
  ]
}

const absent = (layers: Layers): string => {
  const has = metricsOf(layers)
  const names = metricTexts.filter(text => !has.includes(text)).map(({ name }) => name)
  return names.length === 0
    ? ''
    : `Not here: ${names.map(name => `${name} (${reasonOf(name)})`).join(', ')}.`
}

const tableSection = (layers: Layers): Html => {
  const [only] = layers
  if (only !== undefined && layers.length === 1) {
    return html`<section>
<h2>Every metric</h2>
${metricsTable(only)}
</section>`
  }
  return html`<section>
<h2>Every metric at every layer</h2>
<p>The most collapsed value of each in bold. ${absent(layers)}</p>
${layersTable(layers)}
</section>`
}

const runSection = ({ command, seconds, date, device }: LayersPage): Html =>
  html`<section>
<h2>The run</h2>
<div class="columns">
<div><div><h3>Repeat it</h3><pre>${command}</pre><p class="soft" style="margin-top:12px">It took ${duration(seconds)} on ${date}.</p></div></div>
${device.length === 0 ? [] : [html`<div><div><h3>Device</h3>${definitions(device)}</div></div>`]}
</div>
</section>`

const terms = (layers: Layers): Html => html`<section>
<h2>Terms</h2>
<p>${nc1Formula} Under neural collapse the class means become a simplex equiangular tight frame (NC2), the classifier's rows their multiples (NC3), and its decisions those of the nearest class centre (NC4).</p>
${layers.length === 1 ? [] : [html`<div class="terms">${definitions(metricTexts.map(({ name, collapsed, meaning }) => [name, formulae(`${meaning}${collapsed === null ? '' : `; collapsed: ${collapsed}`}`)]))}</div>`]}
${paper}
</section>`

/** The whole page as one HTML file: pictures and styles are in it, no script, nothing to fetch. */
export const renderLayersPage = async (page: LayersPage): Promise<string> => {
  const { layers, subject } = page
  const title =
    layers.length > 1
      ? `Neural collapse in ${subject}, layer by layer`
      : `Neural collapse in ${subject}`
  return pageText({
    title,
    epochs: 0,
    body: [
      header(page, title),
      ...(await nc1Section(layers)),
      ...(await panelsSection(layers)),
      tableSection(layers),
      runSection(page),
      terms(layers),
    ],
  })
}

// Every metric at every layer as a table that becomes a list of cards where the page is narrow; of one layer, a line a metric.
import type { LayerReport } from '../collapse/layer-report.ts'
import type { MeasureReport } from '../collapse/measure.ts'
import { count, missing, significant } from './format.ts'
import { escapeHtml, type Html, html, raw } from './html.ts'
import { formulae, type MetricText, meaningIn, metricsOf, metricTexts } from './metric-texts.ts'

const written = (value: number | null): string => (value === null ? missing : significant(value, 4))

/** A name that may break before its capitals and after its dots. */
const breakable = (name: string): Html =>
  raw(escapeHtml(name).replace(/(?<=[a-z])(?=[A-Z])|(?<=[._/])/g, '<wbr>'))

/** The smallest value of a metric that layers can be compared by; traces have each layer's own scale. */
const lowest = (layers: ReadonlyArray<LayerReport>, { name, collapsed }: MetricText) => {
  const values = layers.flatMap(layer => layer[name] ?? [])
  const compares = collapsed !== null && name !== 'traceW' && values.length > 1
  return compares ? Math.min(...values) : undefined
}

/** Bold for the best; cards leave out what has no value. */
const classOf = (value: number | null, best: number | undefined): string =>
  value === null ? 'none' : value === best ? 'top' : ''

/** All layers, the most collapsed value of each metric in bold; metrics that no layer has are left out. */
export const layersTable = (layers: ReadonlyArray<LayerReport>): Html => {
  const metrics = metricsOf(layers)
  const bests = metrics.map(metric => lowest(layers, metric))
  const row = (layer: LayerReport): Html => {
    const cells = metrics.map(
      ({ name }, i) =>
        html`<td role="cell" data-name="${name}" class="${classOf(layer[name], bests[i])}">${written(layer[name])}</td>`,
    )
    return html`<tr role="row"><th role="rowheader" scope="row" class="name">${breakable(layer.layer)}</th><td role="cell" data-name="unit" class="${classOf(layer.unit, undefined)}">${layer.unit ?? missing}</td><td role="cell" data-name="d">${count(layer.d)}</td>${cells}</tr>
`
  }
  const titles = ['unit', 'd', ...metrics.map(({ name }) => name)]
  return html`<table role="table" class="cards" aria-label="Every metric at every layer">
<thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col" class="name">layer</th>${titles.map(title => html`<th role="columnheader" scope="col">${breakable(title)}</th>`)}</tr></thead>
<tbody role="rowgroup">${layers.map(row)}</tbody></table>`
}

/** The metrics of one layer with their values at perfect collapse and what they mean. */
export const metricsTable = (report: MeasureReport): Html =>
  html`<table class="meanings">
<thead><tr><th class="name" scope="col">metric</th><th scope="col">value</th><th scope="col">collapsed</th><th class="name" scope="col">what it is</th></tr></thead>
<tbody>${metricTexts.map(
    text =>
      html`<tr><th class="name" scope="row">${breakable(text.name)}</th><td>${written(report[text.name])}</td><td>${text.collapsed ?? ''}</td><td class="name">${formulae(meaningIn(report, text))}</td></tr>
`,
  )}</tbody></table>`

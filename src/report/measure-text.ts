// Reports of `collapse measure` as tables for a terminal.
import type { LayerReport } from '../collapse/layer-report.ts'
import type { MeasureReport } from '../collapse/measure.ts'
import { classSizes, meaningIn, metricsOf, metricTexts } from './metric-texts.ts'
import { columns } from './text-layout.ts'

/** Six significant digits, short for very large and very small numbers. */
const shown = (value: number | null): string =>
  value === null ? '-' : String(Number(value.toPrecision(6)))

/** The report as lines of text: sizes, then one metric a line. */
export const formatReport = (report: MeasureReport): string =>
  [
    `${report.n} features of width ${report.d}, ${report.classes} classes of ${classSizes(report)}, rank of Sigma_B ${report.rank}`,
    '',
    ...columns([
      { title: 'metric', side: 'left', cells: metricTexts.map(({ name }) => name) },
      { title: 'value', side: 'right', cells: metricTexts.map(({ name }) => shown(report[name])) },
      {
        title: 'collapsed',
        side: 'right',
        cells: metricTexts.map(({ collapsed }) => String(collapsed ?? '')),
      },
      { title: '', side: 'left', cells: metricTexts.map(text => meaningIn(report, text)) },
    ]),
  ].join('\n')

/** Metrics of many layers as a table: a layer a line, a metric a column, those left out that no layer has. */
export const formatLayers = (layers: ReadonlyArray<LayerReport>): string => {
  const [first] = layers
  return [
    ...(first === undefined
      ? []
      : [`${first.n} images of ${first.classes} classes of ${classSizes(first)}`, '']),
    ...columns([
      { title: 'unit', side: 'right', cells: layers.map(({ unit }) => String(unit ?? '')) },
      { title: 'layer', side: 'left', cells: layers.map(({ layer }) => layer) },
      { title: 'd', side: 'right', cells: layers.map(({ d }) => String(d)) },
      ...metricsOf(layers).map(({ name }) => ({
        title: name,
        side: 'right' as const,
        cells: layers.map(layer => shown(layer[name])),
      })),
    ]),
  ].join('\n')
}

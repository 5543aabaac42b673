// The report of `collapse measure` as a table for people.
import type { MeasureReport, MetricName } from '../../src/collapse/measure.ts'
import { columns } from '../../src/report/text-layout.ts'
import type { LayerReport } from './measure-model.ts'

interface Row {
  readonly name: MetricName
  readonly collapsed: string
  readonly meaning: string
}

const rows: ReadonlyArray<Row> = [
  { name: 'nc1', collapsed: '0', meaning: 'NC1: tr(Sigma_W Sigma_B^+) / K' },
  { name: 'nullNc1', collapsed: '', meaning: 'NC1 that features without structure would have' },
  { name: 'cdnv', collapsed: '0', meaning: 'class-distance normalized variance' },
  { name: 'numericalRank', collapsed: '1', meaning: "numerical rank of each class's features" },
  { name: 'etfDistance', collapsed: '0', meaning: 'NC2: class means against a simplex ETF' },
  { name: 'equinorm', collapsed: '0', meaning: 'NC2: spread of the lengths of class means' },
  { name: 'equiangularity', collapsed: '0', meaning: 'NC2: spread of their angles' },
  { name: 'selfDuality', collapsed: '0', meaning: 'NC3: classifier against class means' },
  { name: 'nccMismatch', collapsed: '0', meaning: 'NC4: classifier against nearest centre' },
  { name: 'traceW', collapsed: '0', meaning: 'tr Sigma_W, within classes' },
  { name: 'traceB', collapsed: '', meaning: 'tr Sigma_B, between classes' },
]

const reasons: Partial<Record<MetricName, string>> = {
  nullNc1: 'needs classes of equal size and d > K',
  selfDuality: 'needs an array weight [K, d]',
  nccMismatch: 'needs an array weight [K, d]',
}

/** Six significant digits, short for very large and very small numbers. */
const shown = (value: number | null): string =>
  value === null ? '-' : String(Number(value.toPrecision(6)))

const meaningOf = (report: MeasureReport, { name, meaning }: Row): string =>
  report[name] === null
    ? `${meaning} (${reasons[name] ?? 'not defined or not asked for'})`
    : meaning

const sizes = ({ perClass }: MeasureReport): string => {
  const [least, most] = perClass.reduce(
    ([low, high], n) => [Math.min(low, n), Math.max(high, n)],
    [Number.POSITIVE_INFINITY, 0],
  )
  return least === most ? `${least} samples each` : `${least} to ${most} samples each`
}

/** The report as lines of text: sizes, then one metric a line. */
export const formatReport = (report: MeasureReport): string =>
  [
    `${report.n} features of width ${report.d}, ${report.classes} classes of ${sizes(report)}, rank of Sigma_B ${report.rank}`,
    '',
    ...columns([
      { title: 'metric', side: 'left', cells: rows.map(({ name }) => name) },
      { title: 'value', side: 'right', cells: rows.map(({ name }) => shown(report[name])) },
      { title: 'collapsed', side: 'right', cells: rows.map(({ collapsed }) => collapsed) },
      { title: '', side: 'left', cells: rows.map(row => meaningOf(report, row)) },
    ]),
  ].join('\n')

/** Metrics of many layers as a table: a layer a line, a metric a column, those left out that no layer has. */
export const formatLayers = (layers: ReadonlyArray<LayerReport>): string => {
  const [first] = layers
  const shownRows = rows.filter(({ name }) => layers.some(layer => layer[name] !== null))
  return [
    ...(first === undefined
      ? []
      : [`${first.n} images of ${first.classes} classes of ${sizes(first)}`, '']),
    ...columns([
      { title: 'unit', side: 'right', cells: layers.map(({ unit }) => String(unit ?? '')) },
      { title: 'layer', side: 'left', cells: layers.map(({ layer }) => layer) },
      { title: 'd', side: 'right', cells: layers.map(({ d }) => String(d)) },
      ...shownRows.map(({ name }) => ({
        title: name,
        side: 'right' as const,
        cells: layers.map(layer => shown(layer[name])),
      })),
    ]),
  ].join('\n')
}

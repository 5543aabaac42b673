// What is said of each metric beside its value, in the terminal's tables and on the page.
import type { MeasureReport, MetricName } from '../collapse/measure.ts'
import { count } from './format.ts'
import { escapeHtml, type Html, raw } from './html.ts'

/** A metric with its value at perfect collapse, null where that says nothing, and what it is. */
export interface MetricText {
  readonly name: MetricName
  readonly collapsed: number | null
  readonly meaning: string
}

/** All metrics in the order in which they are shown. */
export const metricTexts: ReadonlyArray<MetricText> = [
  { name: 'nc1', collapsed: 0, meaning: 'NC1: tr(Sigma_W Sigma_B^+) / K' },
  {
    name: 'nullNc1',
    collapsed: null,
    meaning: 'NC1 that features without structure would have',
  },
  { name: 'cdnv', collapsed: 0, meaning: 'class-distance normalized variance' },
  { name: 'numericalRank', collapsed: 1, meaning: "numerical rank of each class's features" },
  { name: 'etfDistance', collapsed: 0, meaning: 'NC2: class means against a simplex ETF' },
  { name: 'equinorm', collapsed: 0, meaning: 'NC2: spread of the lengths of class means' },
  { name: 'equiangularity', collapsed: 0, meaning: 'NC2: spread of their angles' },
  { name: 'selfDuality', collapsed: 0, meaning: 'NC3: classifier against class means' },
  { name: 'nccMismatch', collapsed: 0, meaning: 'NC4: classifier against nearest centre' },
  { name: 'traceW', collapsed: 0, meaning: 'tr Sigma_W, within classes' },
  { name: 'traceB', collapsed: null, meaning: 'tr Sigma_B, between classes' },
]

const reasons: Partial<Record<MetricName, string>> = {
  nullNc1: 'needs classes of equal size and d > K',
  selfDuality: 'needs an array weight [K, d]',
  nccMismatch: 'needs an array weight [K, d]',
}

/** Why a metric has no value. */
export const reasonOf = (name: MetricName): string =>
  reasons[name] ?? 'not defined or not asked for'

/** What a metric is, and why it has no value where it has none. */
export const meaningIn = (report: MeasureReport, { name, meaning }: MetricText): string =>
  report[name] === null ? `${meaning} (${reasonOf(name)})` : meaning

/** The metrics that at least one of the reports has. */
export const metricsOf = (reports: ReadonlyArray<MeasureReport>): ReadonlyArray<MetricText> =>
  metricTexts.filter(({ name }) => reports.some(report => report[name] !== null))

/** How many samples the classes have: `200 samples each`. */
export const classSizes = ({ perClass }: MeasureReport): string => {
  const [least, most] = perClass.reduce(
    ([low, high], n) => [Math.min(low, n), Math.max(high, n)],
    [Number.POSITIVE_INFINITY, 0],
  )
  return least === most
    ? `${count(least)} samples each`
    : `${count(least)} to ${count(most)} samples each`
}

/** A meaning with its formulas set: `Sigma_B^+` with a sign, an index and a dagger. */
export const formulae = (meaning: string): Html =>
  raw(
    escapeHtml(meaning)
      .replace(/Sigma_([WB])/g, 'Σ<sub>$1</sub>')
      .replaceAll('^+', '<sup>†</sup>'),
  )

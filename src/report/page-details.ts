// The page's table of all runs, the run's configuration and device, and how to repeat it.
import type { DemoResult, TransferRow } from '../experiments/demo-result.ts'
import { bytes, count, duration, percent, significant } from './format.ts'
import { type Html, html } from './html.ts'
import { methodName } from './names.ts'
import { methodMark } from './page-figures.ts'

interface Column {
  readonly title: string
  readonly cell: (row: TransferRow) => string
  /** The number whose extreme is set in bold. */
  readonly best?: (rows: ReadonlyArray<TransferRow>) => (row: TransferRow) => boolean
}

const extreme =
  (pick: (...values: ReadonlyArray<number>) => number, of: (row: TransferRow) => number) =>
  (rows: ReadonlyArray<TransferRow>) => {
    const wanted = pick(...rows.map(of))
    return (row: TransferRow): boolean => of(row) === wanted
  }

const numbers: ReadonlyArray<Column> = [
  {
    title: 'test accuracy',
    cell: row => percent(row.testAccuracy, 2),
    best: extreme(Math.max, row => row.testAccuracy),
  },
  { title: 'best epoch', cell: row => percent(row.bestAccuracy, 2) },
  { title: 'training accuracy', cell: row => percent(row.trainAccuracy, 1) },
  {
    title: 'penultimate nc1',
    cell: row => significant(row.penultimateNc1),
    best: extreme(Math.min, row => row.penultimateNc1),
  },
  { title: 'trained parameters', cell: row => count(row.trainedParameters) },
  { title: 'of all', cell: row => `${significant(row.percent)}%` },
  { title: 'time', cell: row => duration(row.seconds) },
  { title: 'planned memory', cell: row => bytes(row.plannedBytes) },
]

const tableRow = (
  row: TransferRow,
  previous: TransferRow | undefined,
  bests: ReadonlyArray<(row: TransferRow) => boolean>,
): Html => {
  const cells = numbers.map(
    ({ cell }, i) => html`<td class="${bests[i]?.(row) ? 'top' : ''}">${cell(row)}</td>`,
  )
  return html`<tr class="${previous?.method === row.method ? '' : 'first'}"><td class="name">${methodMark(row.method)}${methodName[row.method]}</td><td class="name">${row.layer ?? '–'}</td>${cells}</tr>
`
}

/** The table of all runs; the best accuracy and the smallest nc1 in bold. */
export const transferTable = ({ transfer }: DemoResult): Html => {
  const bests = numbers.map(({ best }) => best?.(transfer) ?? (() => false))
  return html`<div class="scroll" tabindex="0" role="region" aria-label="All runs"><table>
<thead><tr><th class="name" scope="col">method</th><th class="name" scope="col">tuned layer</th>${numbers.map(({ title }) => html`<th scope="col">${title}</th>`)}</tr></thead>
<tbody>${transfer.map((row, i) => tableRow(row, transfer[i - 1], bests))}</tbody></table></div>`
}

/** A name and its value in a list. */
export type Entry = readonly [string, string]

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const show = (value: unknown): string =>
  typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value))

/** A nested record as lines: `{ a: { b: 1 } }` is `a.b` with `1`. */
export const flatten = (
  record: Readonly<Record<string, unknown>>,
  prefix = '',
): ReadonlyArray<Entry> =>
  Object.entries(record).flatMap(([key, value]) =>
    isRecord(value) && Object.keys(value).length > 0
      ? flatten(value, `${prefix}${key}.`)
      : [[`${prefix}${key}`, show(value)] as const],
  )

/** Names and values in two columns; pairs without a value are left out. */
export const definitions = (entries: ReadonlyArray<readonly [string, string | Html]>): Html =>
  html`<dl class="list">${entries
    .filter(([, value]) => value !== '')
    .map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`

/** What the run ran on. */
export const deviceEntries = ({ engine }: Pick<DemoResult, 'engine'>): ReadonlyArray<Entry> => [
  ['engine', engine.engine],
  ['adapter', engine.adapter + (engine.software ? ' (software)' : '')],
  ['driver', engine.driver],
  ['vendor', engine.vendor],
  ['kernels', engine.family],
  ['precision', engine.precision],
]

/** Images of both tasks and what the network has. */
export const dataEntries = ({
  sourceCounts,
  targetCounts,
  layers,
}: DemoResult): ReadonlyArray<Entry> => [
  ['source images', `${count(sourceCounts.train)} training, ${count(sourceCounts.test)} test`],
  ['downstream images', `${count(targetCounts.train)} training, ${count(targetCounts.test)} test`],
  ['hidden layers', layers.join(', ')],
]

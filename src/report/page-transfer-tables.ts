// The tables of the transfer page: every way with its cost, beside full fine-tuning; and every metric.
import type { TransferResult, TransferRow } from '../codec/transfer-result.ts'
import type { LayerReport } from '../collapse/layer-report.ts'
import { bytes, count, duration, missing, percent, points, significant } from './format.ts'
import { type Html, html } from './html.ts'
import { methodName, tunedName } from './names.ts'
import { methodMark } from './page-figures.ts'

interface Column {
  readonly title: string
  readonly cell: (row: TransferRow) => string
  /** The value of the best row, which is set in bold. */
  readonly best?: readonly [
    (...values: ReadonlyArray<number>) => number,
    (row: TransferRow) => number,
  ]
}

const times = (x: number | null | undefined): string =>
  x === null || x === undefined ? missing : `${significant(x)}×`

const stepBytes = (row: TransferRow): number => row.bytes.total - row.bytes.data

const nc1 = ({ penultimateNc1 }: TransferRow): number => penultimateNc1 ?? Number.NaN

const qualityColumns: ReadonlyArray<Column> = [
  {
    title: 'test accuracy',
    cell: row => percent(row.testAccuracy, 2),
    best: [Math.max, row => row.testAccuracy],
  },
  { title: 'best epoch', cell: row => percent(row.bestAccuracy, 2) },
  { title: 'to full', cell: row => points(row.againstFull?.testAccuracy ?? Number.NaN, 2) },
  { title: 'training accuracy', cell: row => percent(row.trainAccuracy, 1) },
  {
    title: 'penultimate nc1',
    cell: row => significant(nc1(row)),
    best: [Math.min, nc1],
  },
  {
    title: "encoder's own nc1",
    cell: row => significant(row.encoder?.nc1 ?? row.penultimateNc1 ?? Number.NaN),
  },
  { title: 'trained parameters', cell: row => count(row.trainedParameters) },
  { title: 'of all', cell: row => `${significant(row.percent)}%` },
]

const costColumns: ReadonlyArray<Column> = [
  { title: 'time', cell: row => duration(row.seconds), best: [Math.min, row => row.seconds] },
  { title: 'of full', cell: row => times(row.againstFull?.seconds) },
  { title: 'images a second', cell: row => count(row.imagesPerSecond) },
  { title: 'weights', cell: row => bytes(row.bytes.weights) },
  { title: 'gradients', cell: row => bytes(row.bytes.gradients) },
  { title: 'optimizer', cell: row => bytes(row.bytes.optimizer) },
  { title: 'activations', cell: row => bytes(row.bytes.activations) },
  {
    title: 'all of a step',
    cell: row => bytes(stepBytes(row)),
    best: [Math.min, stepBytes],
  },
  { title: 'of full', cell: row => times(row.againstFull?.bytes) },
  { title: 'data', cell: row => bytes(row.bytes.data) },
]

const cellOf =
  (row: TransferRow, rows: ReadonlyArray<TransferRow>) =>
  ({ cell, best }: Column): Html => {
    const [pick, of] = best ?? []
    const top = of !== undefined && pick !== undefined && of(row) === pick(...rows.map(of))
    return html`<td class="${top ? 'top' : ''}">${cell(row)}</td>`
  }

const table = (
  label: string,
  rows: ReadonlyArray<TransferRow>,
  columns: ReadonlyArray<Column>,
): Html =>
  html`<div class="scroll" tabindex="0" role="region" aria-label="${label}"><table>
<thead><tr><th class="name" scope="col">method</th><th class="name" scope="col">tuned</th>${columns.map(({ title }) => html`<th scope="col">${title}</th>`)}</tr></thead>
<tbody>${rows.map(
    (row, i) =>
      html`<tr class="${rows[i - 1]?.method === row.method ? '' : 'first'}"><td class="name">${methodMark(row.method)}${methodName[row.method]}</td><td class="name">${row.layer ?? missing}</td>${columns.map(cellOf(row, rows))}</tr>
`,
  )}</tbody></table></div>`

/** Accuracy and collapse of every way; the best in bold. */
export const qualityTable = ({ rows }: TransferResult): Html =>
  table('Accuracy and collapse of every way', rows, qualityColumns)

/** Time and planned bytes of every way; the least in bold. */
export const costTable = ({ rows }: TransferResult): Html =>
  table('Cost of every way', rows, costColumns)

/** Every row's features as a layer, the encoder's own after the sum where a skip is added. */
export const featureReports = ({ rows }: TransferResult): ReadonlyArray<LayerReport> =>
  rows.flatMap(row => {
    const { unit } = row
    const layer = tunedName(row)
    const own = row.encoder === null ? [] : [{ ...row.encoder, unit, layer: `${layer}, own` }]
    return [{ ...row.metrics, unit, layer }, ...own]
  })

// The result of `collapse transfer` for a terminal: accuracy and collapse, cost, and nc1 by unit.
import type { TransferResult, TransferRow } from '../codec/transfer-result.ts'
import { bytes, count, duration, missing, percent, points, significant } from './format.ts'
import { methodName, tunedName } from './names.ts'
import { clip, type Column, columns, wrap } from './text-layout.ts'

type Rows = ReadonlyArray<TransferRow>

const column = (
  rows: Rows,
  title: string,
  cell: (row: TransferRow) => string,
  side: Column['side'] = 'right',
): Column => ({ title, side, cells: rows.map(cell) })

const nc1 = (x: number | null): string => significant(x ?? Number.NaN)

/** The end of a long name tells more than its beginning. */
const ending = (text: string, width: number): string =>
  [...text].length <= width ? text : `…${[...text].slice(1 - width).join('')}`

const tunedOf = ({ unit, layer }: TransferRow): string =>
  layer === null ? missing : unit === null ? clip(layer, 13) : `${unit} ${ending(layer, 8)}`

const heads = (rows: Rows): ReadonlyArray<Column> => [
  column(rows, 'method', row => methodName[row.method], 'left'),
  column(rows, 'tuned', tunedOf, 'left'),
]

const isSkip = ({ encoder }: TransferRow): boolean => encoder !== null

const quality = (rows: Rows): ReadonlyArray<Column> => [
  ...heads(rows),
  column(rows, 'test', row => percent(row.testAccuracy, 2)),
  column(rows, 'best', row => percent(row.bestAccuracy, 2)),
  ...(rows.some(({ againstFull }) => againstFull !== null)
    ? [column(rows, 'to full', row => points(row.againstFull?.testAccuracy ?? Number.NaN, 2))]
    : []),
  column(rows, 'nc1', row => nc1(row.penultimateNc1)),
  ...(rows.some(isSkip)
    ? [column(rows, 'own nc1', row => (isSkip(row) ? nc1(row.encoder?.nc1 ?? null) : ''))]
    : []),
  column(rows, 'trained', row => count(row.trainedParameters)),
  column(rows, 'percent', row => `${significant(row.percent)}%`),
]

const cost = (rows: Rows): ReadonlyArray<Column> => [
  ...heads(rows),
  column(rows, 'time', row => duration(row.seconds)),
  column(rows, 'img/s', row => count(row.imagesPerSecond)),
  column(rows, 'weights', row => bytes(row.bytes.weights)),
  column(rows, 'gradients', row => bytes(row.bytes.gradients)),
  column(rows, 'momentum', row => bytes(row.bytes.optimizer)),
  column(rows, 'activations', row => bytes(row.bytes.activations)),
  column(rows, 'all', row => bytes(row.bytes.total)),
]

/** Units that fit beside each other in 100 columns. */
const MOST_UNITS = 9

const byUnit = ({ rows, units, before }: TransferResult): ReadonlyArray<string> => {
  if (units.length > MOST_UNITS) return []
  const first = { title: '', side: 'left' } as const
  const table = columns([
    { ...first, cells: ['before tuning', ...rows.map(row => methodName[row.method])] },
    { ...first, cells: ['', ...rows.map(row => tunedOf(row).split(' ')[0] ?? '')] },
    ...units.map(
      (_, i): Column => ({
        title: String(i + 1),
        side: 'right',
        cells: [nc1(before.nc1[i] ?? null), ...rows.map(row => nc1(row.nc1[i] ?? null))],
      }),
    ),
  ])
  return ['', 'nc1 by fine-tuning unit, of the encoder itself', '', ...table]
}

const proof = (rows: Rows): string => {
  const counts = rows.map(({ frozen }) => frozen.arrays)
  const [least, most] = [Math.min(...counts), Math.max(...counts)]
  return most === 0
    ? ''
    : `Frozen arrays (${least === most ? most : `${least} to ${most}`} a row) were found bit-identical at the end of every row.`
}

const failures = ({ failed }: TransferResult): ReadonlyArray<string> =>
  failed.length === 0
    ? []
    : ['', ...failed.flatMap(one => wrap(`${tunedName(one)} failed: ${one.why}`, 100))]

/** The whole result as text at most 100 columns wide, without a line break at its end. */
export const transferText = (result: TransferResult): string => {
  const { network, data, rows } = result
  return [
    `${network.name}: ${count(data.train)} images of ${data.classes} classes, tested on ${count(data.test)}${result.finished ? '' : '; stopped on the way'}`,
    '',
    ...columns(quality(rows)),
    '',
    ...columns(cost(rows)),
    ...byUnit(result),
    ...(proof(rows) === '' ? [] : ['', proof(rows)]),
    ...failures(result),
  ].join('\n')
}

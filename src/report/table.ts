// The demo's result as text for a terminal: pre-training, the transfer table, the paper's claims.
import type { DemoResult, SourceEpoch, TransferRow } from '../experiments/demo-result.ts'
import { judgeClaims, tally } from './claims.ts'
import { bytes, count, duration, percent, significant } from './format.ts'
import { methodName } from './names.ts'
import { type Column, clip, columns, wrap } from './text-layout.ts'
import type { Claim } from './verdict.ts'

const width = 100

const column = <A>(
  title: string,
  side: Column['side'],
  rows: ReadonlyArray<A>,
  cell: (row: A) => string,
): Column => ({ title, side, cells: rows.map(cell) })

/** At most `most` of the rows, evenly spread, the first and the last among them. */
const spread = <A>(rows: ReadonlyArray<A>, most: number): ReadonlyArray<A> => {
  if (rows.length <= most) return rows
  const step = (rows.length - 1) / (most - 1)
  const kept = new Set(Array.from({ length: most }, (_, i) => Math.round(i * step)))
  return rows.filter((_, i) => kept.has(i))
}

const ofLayer = (epoch: SourceEpoch, at: number): string =>
  significant(epoch.nc1.at(at) ?? Number.NaN)

const pretraining = ({ source, sourceCounts, layers }: DemoResult): ReadonlyArray<string> => {
  const rows = spread(source, 6)
  return [
    `Pre-training: ${count(sourceCounts.train)} images, tested on ${count(sourceCounts.test)}; ${layers.length} hidden layers`,
    '',
    ...columns([
      column('epoch', 'right', rows, row => String(row.epoch)),
      column('loss', 'right', rows, row => significant(row.loss)),
      column('train accuracy', 'right', rows, row => percent(row.trainAccuracy)),
      column('test accuracy', 'right', rows, row => percent(row.testAccuracy)),
      column('nc1, first layer', 'right', rows, row => ofLayer(row, 0)),
      column('nc1, last layer', 'right', rows, row => ofLayer(row, -1)),
    ]),
  ]
}

const transferColumns = (rows: ReadonlyArray<TransferRow>, room: number): ReadonlyArray<Column> => [
  column('method', 'left', rows, row => methodName[row.method]),
  column('layer', 'left', rows, row => clip(row.layer ?? '–', room)),
  column('test accuracy', 'right', rows, row => percent(row.testAccuracy, 2)),
  column('penultimate nc1', 'right', rows, row => significant(row.penultimateNc1)),
  column('trained', 'right', rows, row => count(row.trainedParameters)),
  column('percent', 'right', rows, row => `${significant(row.percent)}%`),
  column('time', 'right', rows, row => duration(row.seconds)),
  column('planned', 'right', rows, row => bytes(row.plannedBytes)),
]

const transfer = ({ transfer: rows, targetCounts }: DemoResult): ReadonlyArray<string> => {
  const least = 'layer'.length
  const narrow = columns(transferColumns(rows, least))[1] ?? ''
  return [
    `Transfer: ${count(targetCounts.train)} labelled images, tested on ${count(targetCounts.test)}`,
    '',
    ...columns(transferColumns(rows, Math.max(least, width - narrow.length + least))),
  ]
}

/** `Figure 2` of `Figure 2, Section 2`. */
const place = ({ figure }: Claim): string => figure.split(',')[0] ?? ''

const claimLines = (claim: Claim): ReadonlyArray<string> => {
  const head = `${claim.verdict.padEnd(10)}${place(claim).padEnd(15)}`
  const room = width - head.length
  const [first = '', ...rest] = [
    ...wrap(claim.claim, room),
    ...wrap(claim.seen, room - 2).map(line => `  ${line}`),
  ]
  return [head + first, ...rest.map(line => ' '.repeat(head.length) + line)]
}

const claims = (result: DemoResult): ReadonlyArray<string> => {
  const list = judgeClaims(result)
  const { held, partly, 'not held': not } = tally(list)
  return [
    `The paper's claims here: ${held} held, ${partly} partly, ${not} not held`,
    '',
    ...list.flatMap(claimLines),
  ]
}

/** The whole result as text at most 100 columns wide, without a line break at its end. */
export const demoTable = (result: DemoResult): string =>
  [...pretraining(result), '', ...transfer(result), '', ...claims(result)].join('\n')

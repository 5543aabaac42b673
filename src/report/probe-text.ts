// The result of `collapse probe` for a terminal: accuracy and collapse of every layer, and how they go together.
import type { ProbeResult, ProbeRow } from '../codec/probe-result.ts'
import { correlation, count, duration, missing, percent, significant } from './format.ts'
import { type Column, columns, wrap } from './text-layout.ts'

type Rows = ReadonlyArray<ProbeRow>

const WIDTH = 100

const column = (
  rows: Rows,
  title: string,
  cell: (row: ProbeRow) => string,
  side: Column['side'] = 'right',
): Column => ({ title, side, cells: rows.map(cell) })

const share = (x: number | null): string => percent(x ?? Number.NaN, 2)
const value = (x: number | null): string => significant(x ?? Number.NaN)

const table = (rows: Rows): ReadonlyArray<string> =>
  columns([
    column(rows, 'unit', ({ unit }) => (unit === null ? missing : String(unit))),
    column(rows, 'layer', ({ layer }) => layer, 'left'),
    column(rows, 'width', ({ width }) => count(width)),
    column(rows, 'test', row => share(row.testAccuracy)),
    column(rows, 'best', row => share(row.bestAccuracy)),
    column(rows, 'train', row => share(row.trainAccuracy)),
    column(rows, 'nc1', row => value(row.nc1)),
    column(rows, 'without structure', row => value(row.metrics.nullNc1)),
    column(rows, 'CDNV', row => value(row.metrics.cdnv)),
    column(rows, 'rank', row => value(row.metrics.numericalRank)),
    column(rows, 'trained', row => count(row.headParameters)),
  ])

/** How nc1 and accuracy go together over the units, in words. */
export const agreementWords = ({ agreement, rows }: ProbeResult): string => {
  const units = rows.filter(({ unit }) => unit !== null).length
  const { spearman, pearson } = agreement
  return spearman === null
    ? `Over ${units} units the rank correlation of nc1 with the test accuracy is not defined.`
    : `Over ${units} units the rank correlation of nc1 with the test accuracy is ${correlation(spearman)} (Spearman), the linear one ${correlation(pearson)} (Pearson); the paper expects both near −1.`
}

/** The whole result as text at most 100 columns wide, without a line break at its end. */
export const probeText = (result: ProbeResult): string => {
  const { network, data, rows, seconds, imagesPerSecond, failed, finished } = result
  const head = `${network.name}: ${count(data.train)} images of ${data.classes} classes, tested on ${count(data.test)}`
  const epochs = Math.max(0, ...rows.map(row => row.epochs.length))
  return [
    `${head}${finished ? '' : '; stopped on the way'}`,
    '',
    ...table(rows),
    '',
    ...wrap(agreementWords(result), WIDTH),
    ...wrap(
      `${count(epochs)} epochs of ${rows.length} classifiers at once took ${duration(seconds)}, ${count(imagesPerSecond)} images/s.`,
      WIDTH,
    ),
    ...failed.flatMap(({ layer, why }) => wrap(`The classifier on ${layer} failed: ${why}`, WIDTH)),
  ].join('\n')
}

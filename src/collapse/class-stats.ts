// Class statistics {n_k, sum_k}: a monoid, so that shards of a data set merge by addition.
import * as E from 'fp-ts/Either'
import type { Monoid } from 'fp-ts/Monoid'
import type { Block, Features, Labels } from './features.ts'
import { badLabel, badShape, type MetricError } from './metric-error.ts'
import { groupRows } from './group-rows.ts'
import { addRow, addRows4 } from './row-kernels.ts'

/** Samples of each class and the sum of their features: `counts` [K], `sums` [K, d], float64. */
export interface ClassStats {
  readonly d: number
  readonly counts: Float64Array
  readonly sums: Float64Array
}

/** No sample of any class. */
export const emptyStats = (d: number): ClassStats => ({
  d,
  counts: new Float64Array(0),
  sums: new Float64Array(0),
})

/** The sum of two arrays, the shorter one taken as zero past its end. */
export const addPadded = (a: Float64Array, b: Float64Array): Float64Array => {
  const [long, short] = a.length >= b.length ? [a, b] : [b, a]
  const sum = Float64Array.from(long)
  addRow(short, 0, short.length, sum, 0)
  return sum
}

/** The statistics of both sets of samples together; either may know fewer classes. */
export const concatStats = (a: ClassStats, b: ClassStats): ClassStats => ({
  d: a.d,
  counts: addPadded(a.counts, b.counts),
  sums: addPadded(a.sums, b.sums),
})

/** Class statistics of features of width `d` form a commutative monoid under addition. */
export const classStatsMonoid = (d: number): Monoid<ClassStats> => ({
  empty: emptyStats(d),
  concat: concatStats,
})

/** Adds a block's rows to `stats` in place; ids must lie below the classes of `stats`. */
export const addBlock = ({ d, counts, sums }: ClassStats, { data, ids }: Block): void => {
  const { order, starts } = groupRows(ids, counts.length)
  for (let k = 0; k < counts.length; k++) {
    const from = starts[k] ?? 0
    const to = starts[k + 1] ?? 0
    counts[k] = (counts[k] ?? 0) + (to - from)
    let i = from
    for (; i + 3 < to; i += 4) addRows4(data, order, i, d, sums, k * d)
    for (; i < to; i++) addRow(data, (order[i] ?? 0) * d, d, sums, k * d)
  }
}

/** Statistics with `classes` classes and no sample yet. */
export const zeroStats = (classes: number, d: number): ClassStats => ({
  d,
  counts: new Float64Array(classes),
  sums: new Float64Array(classes * d),
})

/** The statistics of some samples. Labels may leave gaps: a shard need not see every class. */
export const classStats = (
  { data, n, d }: Features,
  labels: Labels,
): E.Either<MetricError, ClassStats> => {
  if (data.length !== n * d || labels.length !== n) {
    return E.left(badShape(`${data.length} values and ${labels.length} labels for [${n}, ${d}]`))
  }
  const ids = Int32Array.from(labels)
  const bad = ids.findIndex((id, i) => id !== labels[i] || id < 0)
  if (bad >= 0) return E.left(badLabel(bad, labels[bad] ?? Number.NaN))
  const classes = ids.reduce((top, id) => Math.max(top, id), -1) + 1
  if (classes * d > 2 ** 30) return E.left(badShape(`${classes} classes of width ${d}`))
  const stats = zeroStats(classes, d)
  addBlock(stats, { data, ids, first: 0 })
  return E.right(stats)
}

// Percentile intervals of any score, over samples drawn again within their classes.
import * as E from 'fp-ts/Either'
import { groupRows } from '../collapse/group-rows.ts'
import { badShape, type MetricError, notDefined } from '../collapse/metric-error.ts'
import { uniforms } from '../core/random.ts'
import { checkLabelled, type Labelled, pickRows } from './labelled.ts'

/** A score of labelled features; `origins` [N] names the sample that each row is a copy of. */
export type Score = (labelled: Labelled, origins: Int32Array) => E.Either<MetricError, number>

/** `rounds` resamples (200), the interval's `level` (0.95), the `seed` (0). */
export interface BootstrapOptions {
  readonly rounds?: number
  readonly level?: number
  readonly seed?: number
}

/** The score of all samples, its interval, and how many resamples had a value. */
export interface Interval {
  readonly estimate: number
  readonly low: number
  readonly high: number
  readonly rounds: number
}

/** The quantile at `share` 0 .. 1 of numbers in rising order, linear between neighbours; NaN for
 * none. */
export const quantile = (sorted: ArrayLike<number>, share: number): number => {
  const at = (sorted.length - 1) * share
  const below = Math.floor(at)
  const low = sorted[below] ?? Number.NaN
  const high = sorted[Math.min(below + 1, sorted.length - 1)] ?? Number.NaN
  return low + (high - low) * (at - below)
}

// As many rows of every class as it has, drawn with replacement.
const drawnRows = (order: Int32Array, starts: Int32Array, seed: number, round: number) => {
  const next = uniforms(seed, `bootstrap.${round}`)
  const rows = new Int32Array(order.length)
  for (let k = 0; k + 1 < starts.length; k++) {
    const [from, to] = [starts[k] ?? 0, starts[k + 1] ?? 0]
    for (let i = from; i < to; i++) rows[i] = order[from + Math.floor(next() * (to - from))] ?? 0
  }
  return rows
}

const checkOptions = (rounds: number, level: number): E.Either<MetricError, null> =>
  Number.isInteger(rounds) && rounds > 0 && level > 0 && level < 1
    ? E.right(null)
    : E.left(badShape(`${rounds} resamples for an interval of level ${level}`))

/** The percentile interval of `score` over resamples within classes; same seed, same interval. A
 * resample that has no value is left out. Left where the samples themselves have none, or fewer than
 * half of the resamples do. One copy of the features is held at a time. Copies pull a score of spread
 * within classes (nc1) down by about 1/n_k: read the width of the interval, not its middle. */
export const bootstrap = (
  score: Score,
  labelled: Labelled,
  { rounds = 200, level = 0.95, seed = 0 }: BootstrapOptions = {},
): E.Either<MetricError, Interval> => {
  const options = checkOptions(rounds, level)
  if (E.isLeft(options)) return options
  const checked = checkLabelled(labelled)
  if (E.isLeft(checked)) return checked
  const { ids, classes } = checked.right
  const estimate = score(labelled, Int32Array.from(ids.keys()))
  if (E.isLeft(estimate)) return estimate
  const { order, starts } = groupRows(ids, classes)
  const values = Array.from({ length: rounds }, (_, round) => {
    const rows = drawnRows(order, starts, seed, round)
    return score(pickRows(labelled, rows), rows)
  }).flatMap(value => (E.isRight(value) ? [value.right] : []))
  if (2 * values.length < rounds) {
    return E.left(notDefined(`${values.length} of ${rounds} resamples have a value`))
  }
  const sorted = Float64Array.from(values).sort()
  const tail = (1 - level) / 2
  return E.right({
    estimate: estimate.right,
    low: quantile(sorted, tail),
    high: quantile(sorted, 1 - tail),
    rounds: values.length,
  })
}

// Nearest class mean: the accuracy of the simplest classifier there is, fairly counted.
import * as E from 'fp-ts/Either'
import type { ClassIds, Features } from '../collapse/features.ts'
import { type MetricError, overflow } from '../collapse/metric-error.ts'
import { checkHeldOut, checkLabelled, type Labelled } from './labelled.ts'

interface Means {
  readonly counts: Float64Array
  readonly means: Float64Array
}

const meansOf = (
  { data, n, d }: Features,
  { ids, classes }: ClassIds,
): E.Either<MetricError, Means> => {
  const counts = new Float64Array(classes)
  const means = new Float64Array(classes * d)
  for (let i = 0; i < n; i++) {
    const k = ids[i] ?? 0
    counts[k] = (counts[k] ?? 0) + 1
    for (let j = 0; j < d; j++) means[k * d + j] = (means[k * d + j] ?? 0) + (data[i * d + j] ?? 0)
  }
  for (let at = 0; at < means.length; at++) {
    means[at] = (means[at] ?? 0) / (counts[Math.floor(at / d)] ?? 1)
  }
  return means.every(Number.isFinite)
    ? E.right({ counts, means })
    : E.left(overflow('a sum of features'))
}

// || h - mu ||^2 for the rows that start at a, b, c, e, to out[to], out[to + step] and so on.
const distances4 = (
  h: Features['data'],
  [a, b, c, e]: readonly [number, number, number, number],
  mean: Float64Array,
  out: Float64Array,
  to: number,
  step: number,
): void => {
  let p = 0
  let q = 0
  let r = 0
  let s = 0
  for (let j = 0; j < mean.length; j++) {
    const m = mean[j] ?? 0
    const x = (h[a + j] ?? 0) - m
    const y = (h[b + j] ?? 0) - m
    const z = (h[c + j] ?? 0) - m
    const w = (h[e + j] ?? 0) - m
    p += x * x
    q += y * y
    r += z * z
    s += w * w
  }
  out[to] = p
  out[to + step] = q
  out[to + 2 * step] = r
  out[to + 3 * step] = s
}

/** 1 where the own class is the nearest, shared where classes tie, else 0. */
const creditOf = (distances: Float64Array, own: number): number => {
  const least = distances.reduce((low, x) => Math.min(low, x), Number.POSITIVE_INFINITY)
  if (!((distances[own] ?? Number.NaN) <= least)) return 0
  return 1 / distances.reduce((tied, x) => tied + (x === least ? 1 : 0), 0)
}

// The mean credit of rows whose distance to the own class is multiplied by `factor(i)`.
const accuracyOf = (
  { data, n, d }: Features,
  ids: Int32Array,
  { counts, means }: Means,
  factor: (i: number) => number,
): number => {
  const classes = counts.length
  const distances = new Float64Array(4 * classes)
  const start = (i: number): number => Math.min(i, n - 1) * d
  let sum = 0
  for (let i = 0; i < n; i += 4) {
    const rows = [start(i), start(i + 1), start(i + 2), start(i + 3)] as const
    for (let k = 0; k < classes; k++) {
      distances4(data, rows, means.subarray(k * d, k * d + d), distances, k, classes)
    }
    for (let r = 0; r < Math.min(4, n - i); r++) {
      const own = ids[i + r] ?? 0
      const of = distances.subarray(r * classes, r * classes + classes)
      const scale = factor(i + r)
      of[own] = scale < Number.POSITIVE_INFINITY ? (of[own] ?? 0) * scale : scale
      sum += creditOf(of, own)
    }
  }
  return sum / n
}

const copiesOf = (n: number, origins?: ArrayLike<number>): Float64Array => {
  if (origins === undefined) return new Float64Array(n).fill(1)
  const seen = new Map<number, number>()
  for (let i = 0; i < n; i++) seen.set(origins[i] ?? -1, (seen.get(origins[i] ?? -1) ?? 0) + 1)
  return Float64Array.from({ length: n }, (_, i) => seen.get(origins[i] ?? -1) ?? 1)
}

// h - mu' = (h - mu) n / (n - c) where mu' leaves c copies of h out; nothing left is infinitely far.
const leftOut =
  (counts: Float64Array, ids: Int32Array, copies: Float64Array) =>
  (i: number): number => {
    const all = counts[ids[i] ?? 0] ?? 0
    const rest = all - (copies[i] ?? 1)
    return rest > 0 ? (all / rest) ** 2 : Number.POSITIVE_INFINITY
  }

/** Share 0 .. 1 of samples nearest to the mean of their own class, which is taken without the sample
 * itself, and without its copies where `origins` names each row's sample (as in a bootstrap). Equally
 * near classes share; a sample alone in its class is a miss. N K d steps, no matrix beyond [K, d]. */
export const nearestMeanAccuracy = (
  labelled: Labelled,
  origins?: ArrayLike<number>,
): E.Either<MetricError, number> => {
  const checked = checkLabelled(labelled)
  if (E.isLeft(checked)) return checked
  const { ids } = checked.right
  const { features } = labelled
  const copies = copiesOf(features.n, origins)
  return E.map((means: Means) =>
    accuracyOf(features, ids, means, leftOut(means.counts, ids, copies)),
  )(meansOf(features, checked.right))
}

/** Share 0 .. 1 of held-out samples nearest to the training mean of their class; ties share. */
export const nearestMeanHeldOut = (
  train: Labelled,
  test: Labelled,
): E.Either<MetricError, number> => {
  const checked = checkLabelled(train)
  if (E.isLeft(checked)) return checked
  const held = checkHeldOut(test, checked.right.classes, train.features.d)
  if (E.isLeft(held)) return held
  return E.map((means: Means) => accuracyOf(test.features, held.right, means, () => 1))(
    meansOf(train.features, checked.right),
  )
}

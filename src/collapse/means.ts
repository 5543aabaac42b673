// Class means about the global mean: all that the between-class metrics need.
import * as E from 'fp-ts/Either'
import type { ClassStats } from './class-stats.ts'
import { type Conventions, paper } from './conventions.ts'
import { multiplyNT } from './matrix.ts'
import { badShape, emptyClass, type MetricError, overflow } from './metric-error.ts'

/** K class means of width d: `means` mu [K, d], `centre` h_G [d], `centred` M [K, d], and the
 * Gram matrix `gram` M M^T [K, K]. `noise` is the length below which a difference of means is
 * rounding. */
export interface Means {
  readonly classes: number
  readonly d: number
  readonly total: number
  readonly counts: Float64Array
  readonly means: Float64Array
  readonly centre: Float64Array
  readonly centred: Float64Array
  readonly gram: Float64Array
  readonly noise: number
}

const meansOf = ({ d, counts, sums }: ClassStats): Float64Array =>
  sums.map((sum, at) => sum / (counts[Math.floor(at / d)] ?? 1))

const weightedMean = (means: Float64Array, weights: Float64Array, d: number): Float64Array => {
  const all = weights.reduce((a, b) => a + b, 0)
  const centre = new Float64Array(d)
  for (let k = 0; k < weights.length; k++) {
    const share = (weights[k] ?? 0) / all
    for (let j = 0; j < d; j++) centre[j] = (centre[j] ?? 0) + share * (means[k * d + j] ?? 0)
  }
  return centre
}

const longest = (rows: Float64Array, d: number): number => {
  let top = 0
  for (let at = 0; at < rows.length; at += d) {
    top = Math.max(top, norm(rows, at, d))
  }
  return top
}

const norm = (rows: Float64Array, at: number, d: number): number => {
  let sum = 0
  for (let j = 0; j < d; j++) sum += (rows[at + j] ?? 0) ** 2
  return Math.sqrt(sum)
}

/** The means of class statistics. Left for no class, an empty class, or sums past float64. */
export const classMeans = (
  stats: ClassStats,
  { globalMean }: Pick<Conventions, 'globalMean'> = paper,
): E.Either<MetricError, Means> => {
  const { d, counts, sums } = stats
  const classes = counts.length
  if (classes === 0 || sums.length !== classes * d) return E.left(badShape('no class statistics'))
  const missing = counts.findIndex(n => n <= 0)
  if (missing >= 0) return E.left(emptyClass(missing))
  const means = meansOf(stats)
  const centre = weightedMean(means, globalMean === 'samples' ? counts : counts.map(() => 1), d)
  const centred = means.map((x, at) => x - (centre[at % d] ?? 0))
  const gram = multiplyNT(centred, classes, centred, classes, d)
  const noise = 1e-14 * longest(means, d)
  if (!(Number.isFinite(noise) && gram.every(Number.isFinite))) {
    return E.left(overflow('the class means'))
  }
  const total = counts.reduce((a, b) => a + b, 0)
  return E.right({ classes, d, total, counts, means, centre, centred, gram, noise })
}

/** || M_k || for each class. */
export const centredNorms = ({ classes, gram }: Means): Float64Array =>
  Float64Array.from({ length: classes }, (_, k) => Math.sqrt(gram[k * classes + k] ?? 0))

const squaredDistance = (rows: Float64Array, d: number, a: number, b: number): number => {
  let sum = 0
  for (let j = 0; j < d; j++) sum += ((rows[a * d + j] ?? 0) - (rows[b * d + j] ?? 0)) ** 2
  return sum
}

/** || mu_i - mu_j ||^2 for all pairs, [K, K]: from the Gram matrix unless that would cancel. */
export const squaredDistances = ({ classes, d, centred, gram }: Means): Float64Array => {
  const squares = new Float64Array(classes * classes)
  for (let i = 0; i < classes; i++) {
    for (let j = 0; j < i; j++) {
      const both = (gram[i * classes + i] ?? 0) + (gram[j * classes + j] ?? 0)
      const quick = both - 2 * (gram[i * classes + j] ?? 0)
      const square = quick > 1e-3 * both ? quick : squaredDistance(centred, d, i, j)
      squares[i * classes + j] = square
      squares[j * classes + i] = square
    }
  }
  return squares
}

/** tr Sigma_B = (1/K) sum ||M_k||^2. */
export const traceBOf = ({ classes, gram }: Means): number => {
  let sum = 0
  for (let k = 0; k < classes; k++) sum += gram[k * classes + k] ?? 0
  return sum / classes
}

/** True where all class means are equal up to rounding: Sigma_B is zero. */
export const meansCoincide = (means: Means): boolean =>
  means.classes * traceBOf(means) <= means.classes * means.noise ** 2

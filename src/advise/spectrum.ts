// Features seen from their singular vectors: X = U S V^T through the smaller Gram matrix, and where
// the one-hot labels lie in U. LogME and H-score are sums over these numbers.
import * as E from 'fp-ts/Either'
import type { ClassIds, Features } from '../collapse/features.ts'
import { multiplyNT, transpose } from '../collapse/matrix.ts'
import { type MetricError, overflow } from '../collapse/metric-error.ts'
import { squaredNorm } from '../collapse/row-kernels.ts'
import { inEigenvectors, symmetricEigen } from '../collapse/symmetric-eigen.ts'
import { asTheyAre, checkSide, columnMeans, gramOf, type Reading, readRows } from './gram.ts'

/** The left singular vectors kept, and one-hot labels y_k [N] in their terms. */
export interface Spectrum {
  readonly rank: number
  /** Squared singular values, [rank], falling. */
  readonly squares: Float64Array
  /** z_k = U^T y_k, [K, rank]. */
  readonly projections: Float64Array
  /** || y_k - U z_k ||^2, [K]; for N > d this costs a pass over the rows. */
  readonly missed: () => Float64Array
}

// An eigenvalue of the Gram matrix is rounding below a share of the largest, and below what taking
// the mean away leaves of equal rows.
const rankOf = (values: Float64Array, { n, d }: Features, { centre }: Reading): number => {
  const share = Math.max(n, d) * Number.EPSILON * (values[0] ?? 0)
  const floor = Math.max(share, 1e-28 * n * squaredNorm(centre, 0, d))
  const past = values.findIndex(value => !(value > floor))
  return past < 0 ? values.length : past
}

// One-hot labels, [K, n].
const oneHot = ({ ids, classes }: ClassIds): Float64Array => {
  const rows = new Float64Array(classes * ids.length)
  ids.forEach((id, i) => {
    rows[id * ids.length + i] = 1
  })
  return rows
}

// X X^T [n, n] has U's columns for eigenvectors; only the labels in their terms are wanted.
const fromRows = (
  features: Features,
  reading: Reading,
  labels: ClassIds,
  gram: Float64Array,
): Spectrum => {
  const { n } = features
  const { classes } = labels
  const { values, rows } = inEigenvectors(gram, n, oneHot(labels), classes)
  const rank = rankOf(values, features, reading)
  const projections = new Float64Array(classes * rank)
  const missed = new Float64Array(classes)
  for (let k = 0; k < classes; k++) {
    projections.set(rows.subarray(k * n, k * n + rank), k * rank)
    missed[k] = rows.subarray(k * n + rank, k * n + n).reduce((sum, z) => sum + z * z, 0)
  }
  return { rank, squares: values.slice(0, rank), projections, missed: () => missed }
}

const blockRows = 192

// || y_k - X w_k ||^2 for least-squares weights [K, d].
const residuals = (
  features: Features,
  reading: Reading,
  { ids, classes }: ClassIds,
  weights: Float64Array,
): Float64Array => {
  const { n, d } = features
  const sums = new Float64Array(classes)
  for (let from = 0; from < n; from += blockRows) {
    const to = Math.min(n, from + blockRows)
    const block = new Float64Array((to - from) * d)
    readRows(features, reading, from, to, block)
    const fitted = multiplyNT(block, to - from, weights, classes, d)
    for (let at = 0; at < fitted.length; at++) {
      const k = at % classes
      const y = ids[from + Math.floor(at / classes)] === k ? 1 : 0
      sums[k] = (sums[k] ?? 0) + (y - (fitted[at] ?? 0)) ** 2
    }
  }
  return sums
}

// X^T y_k for all k, [K, d].
const classSums = (
  { data, n, d }: Features,
  { centre }: Reading,
  { ids, classes }: ClassIds,
): Float64Array => {
  const sums = new Float64Array(classes * d)
  for (let i = 0; i < n; i++) {
    const to = (ids[i] ?? 0) * d
    for (let j = 0; j < d; j++) {
      sums[to + j] = (sums[to + j] ?? 0) + ((data[i * d + j] ?? 0) - (centre[j] ?? 0))
    }
  }
  return sums
}

const fromColumns = (
  features: Features,
  reading: Reading,
  ids: ClassIds,
  gram: Float64Array,
): Spectrum => {
  const { d } = features
  const { values, vectors } = symmetricEigen(gram, d)
  const rank = rankOf(values, features, reading)
  const squares = values.slice(0, rank)
  const basis = vectors.slice(0, rank * d)
  const sums = classSums(features, reading, ids)
  const projections = multiplyNT(sums, ids.classes, basis, rank, d).map(
    (x, at) => x / Math.sqrt(squares[at % rank] ?? 1),
  )
  const missed = () => {
    const shares = projections.map((z, at) => z / Math.sqrt(squares[at % rank] ?? 1))
    const turned = transpose(basis, rank, d)
    return residuals(features, reading, ids, multiplyNT(shares, ids.classes, turned, d, rank))
  }
  return { rank, squares, projections, missed }
}

/** The spectrum of checked features [N, d], about their mean where `centred`. Left where min(N, d)
 * passes `largestSide` or products leave float64. */
export const spectrumOf = (
  features: Features,
  ids: ClassIds,
  centred: boolean,
): E.Either<MetricError, Spectrum> => {
  const side = checkSide(features)
  if (E.isLeft(side)) return side
  const plain = asTheyAre(features.d)
  const reading = centred ? { ...plain, centre: columnMeans(features) } : plain
  const gram = gramOf(features, reading)
  if (!gram.every(Number.isFinite)) return E.left(overflow('a product of features'))
  const from = features.n <= features.d ? fromRows : fromColumns
  return E.right(from(features, reading, ids, gram))
}

// The directions in which class means differ: eigenvectors of Sigma_B through its K x K Gram matrix,
// or through itself where d < K. No matrix is larger than min(K, d) squared.
import { type Conventions, paper } from './conventions.ts'
import { multiplyNT, transpose } from './matrix.ts'
import { type Means, traceBOf } from './means.ts'
import { symmetricEigen } from './symmetric-eigen.ts'

/** The non-zero part of Sigma_B: `values` lambda [rank] falling, `basis` V [rank, d] orthonormal. */
export interface Directions {
  readonly rank: number
  readonly values: Float64Array
  readonly basis: Float64Array
}

/** No direction: what a pass uses that only wants squared lengths. */
export const noDirections: Directions = {
  rank: 0,
  values: new Float64Array(0),
  basis: new Float64Array(0),
}

const rankOf = (values: Float64Array, means: Means, cut: number): number => {
  const most = Math.min(means.classes - 1, means.d)
  const floor = Math.max(cut * (values[0] ?? 0), means.noise ** 2)
  const past = values.findIndex(value => value <= floor)
  return Math.min(most, past < 0 ? values.length : past)
}

// Through M M^T / K [K, K]: its eigenvectors U give V = L^(-1/2) U^T M / sqrt(K).
const throughGram = (means: Means, cut: number): Directions => {
  const { classes, d, gram, centred } = means
  const { values, vectors } = symmetricEigen(
    gram.map(x => x / classes),
    classes,
  )
  const rank = rankOf(values, means, cut)
  const scaled = vectors
    .slice(0, rank * classes)
    .map((u, at) => u / Math.sqrt(classes * (values[Math.floor(at / classes)] ?? 1)))
  const basis = multiplyNT(scaled, rank, transpose(centred, classes, d), d, classes)
  return { rank, values: values.slice(0, rank), basis }
}

// Through Sigma_B itself [d, d], which is the smaller one where features are narrow.
const throughCovariance = (means: Means, cut: number): Directions => {
  const { classes, d, centred } = means
  const columns = transpose(centred, classes, d)
  const covariance = multiplyNT(columns, d, columns, d, classes).map(x => x / classes)
  const { values, vectors } = symmetricEigen(covariance, d)
  const rank = rankOf(values, means, cut)
  return { rank, values: values.slice(0, rank), basis: vectors.slice(0, rank * d) }
}

/** Eigenvalues and eigenvectors of Sigma_B = M^T M / K. The null direction of M M^T never counts,
 * nor do eigenvalues at or below `cut` times the largest. Rank 0 where all means are equal. */
export const betweenDirections = (
  means: Means,
  { cut }: Pick<Conventions, 'cut'> = paper,
): Directions => {
  if (traceBOf(means) <= means.noise ** 2) return noDirections
  return means.d < means.classes ? throughCovariance(means, cut) : throughGram(means, cut)
}

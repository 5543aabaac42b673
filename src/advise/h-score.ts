// H-score: tr(cov(f)^+ cov(E[f|y])) (Bao et al. 2019), and with shrinkage (Ibrahim et al. 2021).
import * as E from 'fp-ts/Either'
import type { Features } from '../collapse/features.ts'
import type { MetricError } from '../collapse/metric-error.ts'
import { squaredNorm } from '../collapse/row-kernels.ts'
import { columnMeans } from './gram.ts'
import { checkLabelled, type Labelled } from './labelled.ts'
import { type Spectrum, spectrumOf } from './spectrum.ts'

/** `none`: the pseudo-inverse of the covariance. `ledoit-wolf`: (1 - a) cov + a tr(cov)/d I with
 * Ledoit and Wolf's a (2004), and the numerator times 1 - a. */
export interface HScoreOptions {
  readonly shrinkage?: 'none' | 'ledoit-wolf'
}

const sumOf = (count: number, term: (i: number) => number): number => {
  let sum = 0
  for (let i = 0; i < count; i++) sum += term(i)
  return sum
}

const fourthPowers = (features: Features): number => {
  const { data, n, d } = features
  const centre = columnMeans(features)
  const row = new Float64Array(d)
  return sumOf(n, i => {
    for (let j = 0; j < d; j++) row[j] = (data[i * d + j] ?? 0) - (centre[j] ?? 0)
    return squaredNorm(row, 0, d) ** 2
  })
}

/** Ledoit and Wolf's weight of the identity, 0 .. 1, from the eigenvalues of the covariance (1/N). */
const ledoitWolf = (variances: Float64Array, features: Features): number => {
  const { n, d } = features
  const squares = sumOf(variances.length, i => (variances[i] ?? 0) ** 2)
  const trace = sumOf(variances.length, i => variances[i] ?? 0)
  const spread = squares - trace ** 2 / d
  const noise = (fourthPowers(features) / n - squares) / n
  if (!(noise > 0)) return 0
  return noise < spread ? noise / spread : 1
}

const scoreOf = (
  { rank, squares, projections }: Spectrum,
  counts: Float64Array,
  features: Features,
  shrink: boolean,
): number => {
  const { n, d } = features
  const variances = squares.map(square => square / n)
  const weight = shrink ? ledoitWolf(variances, features) : 0
  const ridge = (weight * sumOf(rank, i => variances[i] ?? 0)) / d
  return sumOf(rank, i => {
    const kept = (1 - weight) * (variances[i] ?? 0)
    const between = sumOf(
      counts.length,
      k => (projections[k * rank + i] ?? 0) ** 2 / (counts[k] ?? 1),
    )
    return (between * kept) / (kept + ridge)
  })
}

/** H-score of features [N, d]: 0 .. min(K-1, rank), higher is better; K-1 at perfect collapse with
 * independent class means, and also without shrinkage wherever d >= N-1 leaves the samples linearly
 * independent. Not divided by K. Rotation, translation and scale do not matter. Features all equal
 * have 0. Left where N and d both pass `largestSide`. */
export const hScore = (
  labelled: Labelled,
  { shrinkage = 'none' }: HScoreOptions = {},
): E.Either<MetricError, number> => {
  const checked = checkLabelled(labelled)
  if (E.isLeft(checked)) return checked
  const { ids, classes } = checked.right
  const counts = new Float64Array(classes)
  for (const id of ids) counts[id] = (counts[id] ?? 0) + 1
  return E.map((spectrum: Spectrum) =>
    scoreOf(spectrum, counts, labelled.features, shrinkage === 'ledoit-wolf'),
  )(spectrumOf(labelled.features, checked.right, true))
}

// CDNV, class-distance normalized variance (Li et al. 2023, eq. 5; Galanti et al. 2022).
import * as E from 'fp-ts/Either'
import { paper } from './conventions.ts'
import type { Features, Labels } from './features.ts'
import { squaredDistances } from './means.ts'
import { equalMeans, type MetricError, oneClass } from './metric-error.ts'
import { measureSummary, type Summary } from './summary.ts'
import { finiteOr } from './traces.ts'

/** CDNV of a summary. Left where there is one class or two means are equal. */
export const cdnvOf = ({ means, residuals }: Summary): E.Either<MetricError, number> => {
  const { classes, counts, noise } = means
  if (classes < 2) return E.left(oneClass)
  const squares = squaredDistances(means)
  const variances = residuals.within.map((sum, k) => sum / (counts[k] ?? 1))
  let total = 0
  for (let i = 0; i < classes; i++) {
    for (let j = 0; j < i; j++) {
      const square = squares[i * classes + j] ?? 0
      if (square <= noise ** 2) return E.left(equalMeans(j, i))
      total += ((variances[i] ?? 0) + (variances[j] ?? 0)) / square
    }
  }
  return finiteOr('cdnv', total / (classes * (classes - 1)))
}

/** Mean over pairs of classes of (v_i + v_j) / (2 ||mu_i - mu_j||^2): >= 0, zero at collapse. */
export const cdnv = (features: Features, labels: Labels): E.Either<MetricError, number> =>
  measureSummary(features, labels, { directions: false }, paper, cdnvOf)

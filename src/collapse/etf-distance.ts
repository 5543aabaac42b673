// NC2: how far the class means lie from a simplex equiangular tight frame (Li et al. 2023, eq. 3).
import * as E from 'fp-ts/Either'
import { type Conventions, conventions } from './conventions.ts'
import type { Features, Labels } from './features.ts'
import { distanceToEtf } from './matrix.ts'
import { type Means, meansCoincide } from './means.ts'
import { type MetricError, noBetweenClass, oneClass } from './metric-error.ts'
import { measureMeans } from './summary.ts'
import { finiteOr } from './traces.ts'

/** The ETF distance of class means. Left where there is one class or all means are equal. */
export const etfDistanceOf = (means: Means): E.Either<MetricError, number> => {
  if (means.classes < 2) return E.left(oneClass)
  if (meansCoincide(means)) return E.left(noBetweenClass)
  return finiteOr('etfDistance', distanceToEtf(means.gram, means.classes))
}

/** || MM^T/||MM^T||_F - (I - 11^T/K)/sqrt(K-1) ||_F: zero where the means form an exact ETF. */
export const etfDistance = (
  features: Features,
  labels: Labels,
  changes: Partial<Conventions> = {},
): E.Either<MetricError, number> =>
  measureMeans(features, labels, conventions(changes), etfDistanceOf)

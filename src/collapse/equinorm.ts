// NC2 in parts: how equal the lengths of the centred class means are (Papyan et al. 2020).
import * as E from 'fp-ts/Either'
import { type Conventions, conventions } from './conventions.ts'
import type { Features, Labels } from './features.ts'
import { centredNorms, type Means, meansCoincide } from './means.ts'
import { type MetricError, noBetweenClass, oneClass } from './metric-error.ts'
import { measureMeans } from './summary.ts'
import { finiteOr } from './traces.ts'

/** Equinorm of class means. Left where there is one class or all means are equal. */
export const equinormOf = (means: Means): E.Either<MetricError, number> => {
  if (means.classes < 2) return E.left(oneClass)
  if (meansCoincide(means)) return E.left(noBetweenClass)
  const norms = centredNorms(means)
  const mean = norms.reduce((a, b) => a + b, 0) / means.classes
  const square = norms.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (means.classes - 1)
  return finiteOr('equinorm', Math.sqrt(square) / mean)
}

/** std(ddof 1) / mean of ||M_k||: >= 0, zero where all centred means are equally long. */
export const equinorm = (
  features: Features,
  labels: Labels,
  changes: Partial<Conventions> = {},
): E.Either<MetricError, number> => measureMeans(features, labels, conventions(changes), equinormOf)

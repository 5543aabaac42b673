// NC2 in parts: how equal the angles between centred class means are (Papyan et al. 2020).
import * as E from 'fp-ts/Either'
import { type Conventions, conventions } from './conventions.ts'
import type { Features, Labels } from './features.ts'
import { centredNorms, type Means, meansCoincide } from './means.ts'
import { centralMean, type MetricError, noBetweenClass, oneClass } from './metric-error.ts'
import { measureMeans } from './summary.ts'
import { finiteOr } from './traces.ts'

/** Equiangularity of class means. Left where there is one class, all means are equal, or one of
 * them is the global mean. */
export const equiangularityOf = (means: Means): E.Either<MetricError, number> => {
  const { classes, gram, noise } = means
  if (classes < 2) return E.left(oneClass)
  if (meansCoincide(means)) return E.left(noBetweenClass)
  const norms = centredNorms(means)
  const central = norms.findIndex(norm => norm <= noise)
  if (central >= 0) return E.left(centralMean(central))
  let total = 0
  for (let i = 0; i < classes; i++) {
    for (let j = 0; j < i; j++) {
      const cosine = (gram[i * classes + j] ?? 0) / ((norms[i] ?? 1) * (norms[j] ?? 1))
      total += 2 * Math.abs(cosine + 1 / (classes - 1))
    }
  }
  return finiteOr('equiangularity', total / (classes * (classes - 1)))
}

/** Mean over pairs of |cos(M_i, M_j) + 1/(K-1)|: >= 0, zero where all angles are the ETF's. */
export const equiangularity = (
  features: Features,
  labels: Labels,
  changes: Partial<Conventions> = {},
): E.Either<MetricError, number> =>
  measureMeans(features, labels, conventions(changes), equiangularityOf)

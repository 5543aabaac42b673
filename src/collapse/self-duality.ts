// NC3, self-duality: how far the classifier's rows and the centred class means agree.
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import { type Conventions, conventions, paper } from './conventions.ts'
import { checkClassifier, type Classifier, type Features, type Labels } from './features.ts'
import { distanceToEtf, frobenius, multiplyNT } from './matrix.ts'
import { type Means, meansCoincide } from './means.ts'
import { type MetricError, noBetweenClass, notDefined, oneClass } from './metric-error.ts'
import { measureMeans } from './summary.ts'
import { finiteOr } from './traces.ts'

// Zhu et al. 2021: || WM^T/||WM^T||_F - (I - 11^T/K)/sqrt(K-1) ||_F.
const toEtf = (means: Means, weight: Float64Array): number => {
  const { classes, d, centred } = means
  return distanceToEtf(multiplyNT(weight, classes, centred, classes, d), classes)
}

// Papyan et al. 2020: || W^T/||W||_F - M^T/||M||_F ||_F^2.
const toMeans = ({ centred }: Means, weight: Float64Array): number => {
  const [w, m] = [frobenius(weight), frobenius(centred)]
  return weight.reduce((sum, x, at) => sum + (x / w - (centred[at] ?? 0) / m) ** 2, 0)
}

/** Self-duality of class means and W [K, d]. Left where there is one class, all means are equal,
 * W does not fit, or W M^T is zero. */
export const selfDualityOf = (
  means: Means,
  classifier: Classifier,
  { selfDuality }: Pick<Conventions, 'selfDuality'> = paper,
): E.Either<MetricError, number> => {
  if (means.classes < 2) return E.left(oneClass)
  if (meansCoincide(means)) return E.left(noBetweenClass)
  return pipe(
    checkClassifier(classifier, means.classes, means.d),
    E.chain(({ weight }) => {
      const w = Float64Array.from(weight)
      const value = selfDuality === 'etf' ? toEtf(means, w) : toMeans(means, w)
      return Number.isNaN(value)
        ? E.left(notDefined('the classifier is zero on the class means'))
        : finiteOr('selfDuality', value)
    }),
  )
}

/** NC3 of features and the classifier after them: zero where W is a multiple of the centred means
 * and these form an ETF (or, by Papyan's definition, where W is a multiple of them). */
export const selfDuality = (
  features: Features,
  labels: Labels,
  classifier: Classifier,
  changes: Partial<Conventions> = {},
): E.Either<MetricError, number> => {
  const choice = conventions(changes)
  return measureMeans(features, labels, choice, means => selfDualityOf(means, classifier, choice))
}

// NC4: how often the classifier and the nearest class centre disagree (Papyan et al. 2020).
import * as E from 'fp-ts/Either'
import { paper } from './conventions.ts'
import type { Classifier, Features, Labels } from './features.ts'
import { type MetricError, oneClass } from './metric-error.ts'
import { measureSummary, type Summary } from './summary.ts'

/** NC4 of a summary that was gathered with a classifier. Left where there is one class. */
export const nccMismatchOf = ({ means, residuals }: Summary): E.Either<MetricError, number> =>
  means.classes < 2 ? E.left(oneClass) : E.right((residuals.mismatches[0] ?? 0) / means.total)

/** Share of samples, 0 .. 1, where argmax(Wh + b) is not argmin_k ||h - mu_k||; ties go to the
 * lower class, an absent bias is zero. */
export const nccMismatch = (
  features: Features,
  labels: Labels,
  classifier: Classifier,
): E.Either<MetricError, number> =>
  measureSummary(features, labels, { directions: true, classifier }, paper, nccMismatchOf)

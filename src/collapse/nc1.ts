// NC1, within-class variability collapse: tr(Sigma_W Sigma_B^+) / K (Li et al. 2023, eq. 4).
import * as E from 'fp-ts/Either'
import { type Conventions, conventions, paper } from './conventions.ts'
import type { Features, Labels } from './features.ts'
import { meansCoincide, traceBOf } from './means.ts'
import { type MetricError, noBetweenClass, oneClass } from './metric-error.ts'
import { measureSummary, type Summary } from './summary.ts'
import { averageWithin, finiteOr, traceWOf } from './traces.ts'

// Sum over j of (1/lambda_j) of the within-class energy along v_j: squares, so never negative.
const pseudoInverseTrace = (summary: Summary, choice: Conventions): number => {
  const { rank, values } = summary.directions
  let trace = 0
  for (let j = 0; j < rank; j++) {
    const energy = (k: number) => summary.residuals.projected[k * rank + j] ?? 0
    trace += averageWithin(energy, summary, choice) / (values[j] ?? 1)
  }
  return trace
}

/** NC1 of a summary with directions. Left where there is one class or all means are equal. */
export const nc1Of = (
  summary: Summary,
  choice: Conventions = paper,
): E.Either<MetricError, number> => {
  const { means } = summary
  if (means.classes < 2) return E.left(oneClass)
  if (meansCoincide(means)) return E.left(noBetweenClass)
  if (choice.nc1 === 'traces') {
    return E.chain((w: number) => finiteOr('nc1', w / traceBOf(means)))(traceWOf(summary, choice))
  }
  const trace = pseudoInverseTrace(summary, choice)
  return finiteOr('nc1', choice.divideByClasses ? trace / means.classes : trace)
}

/** NC1 of features [N, d] with labels 0 .. K-1: >= 0, zero at collapse, no unit. Two passes over
 * the rows, projecting on the K-1 directions between the means; no d x d matrix is made. */
export const nc1 = (
  features: Features,
  labels: Labels,
  changes: Partial<Conventions> = {},
): E.Either<MetricError, number> => {
  const choice = conventions(changes)
  return measureSummary(features, labels, { directions: true }, choice, summary =>
    nc1Of(summary, choice),
  )
}

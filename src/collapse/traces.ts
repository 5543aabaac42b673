// The traces of Sigma_W and Sigma_B: how far samples lie from their class mean, and means from h_G.
import * as E from 'fp-ts/Either'
import { type Conventions, conventions, paper } from './conventions.ts'
import type { Features, Labels } from './features.ts'
import { traceBOf } from './means.ts'
import { type MetricError, overflow } from './metric-error.ts'
import { measureMeans, measureSummary, type Summary } from './summary.ts'

/** The value, unless it left float64. */
export const finiteOr = (what: string, value: number): E.Either<MetricError, number> =>
  Number.isFinite(value) ? E.right(value) : E.left(overflow(what))

/** One number for each class's sum: pooled (1/N) sum_k x_k, or (1/K) sum_k x_k / n_k. */
export const averageWithin = (
  sums: (label: number) => number,
  { means }: Pick<Summary, 'means'>,
  { within }: Pick<Conventions, 'within'>,
): number => {
  let total = 0
  for (let k = 0; k < means.classes; k++) {
    total += within === 'samples' ? sums(k) : sums(k) / (means.counts[k] ?? 1)
  }
  return total / (within === 'samples' ? means.total : means.classes)
}

/** tr Sigma_W of a summary, in squared feature units; zero at collapse. */
export const traceWOf = (
  summary: Summary,
  choice: Pick<Conventions, 'within'> = paper,
): E.Either<MetricError, number> =>
  finiteOr(
    'traceW',
    averageWithin(k => summary.residuals.within[k] ?? 0, summary, choice),
  )

/** tr Sigma_W: mean squared distance of a sample to its class mean (Li et al. 2023, eq. 4). */
export const traceW = (
  features: Features,
  labels: Labels,
  changes: Partial<Conventions> = {},
): E.Either<MetricError, number> => {
  const choice = conventions(changes)
  return measureSummary(features, labels, { directions: false }, choice, summary =>
    traceWOf(summary, choice),
  )
}

/** tr Sigma_B: mean squared distance of a class mean to the global mean (Li et al. 2023, eq. 4). */
export const traceB = (
  features: Features,
  labels: Labels,
  changes: Partial<Conventions> = {},
): E.Either<MetricError, number> =>
  measureMeans(features, labels, conventions(changes), means => finiteOr('traceB', traceBOf(means)))

// The statistics that metrics are made of, and the programs that gather them.
import * as E from 'fp-ts/Either'
import type { ClassStats } from './class-stats.ts'
import { type Conventions, paper } from './conventions.ts'
import { betweenDirections, type Directions, noDirections } from './directions.ts'
import { checkClassifier, type Classifier, type Features, type Labels } from './features.ts'
import { choiceFrame, plainFrame } from './frame.ts'
import { classMeans, type Means } from './means.ts'
import { type MetricError, notFinite, oneClass, overflow } from './metric-error.ts'
import {
  askFinite,
  askResiduals,
  askSums,
  chainRight,
  done,
  type Program,
  runInMemory,
} from './program.ts'
import type { Residuals } from './residuals.ts'

/** Means, directions of Sigma_B, and residual sums along them. */
export interface Summary {
  readonly means: Means
  readonly directions: Directions
  readonly residuals: Residuals
}

type Attempt<A> = Program<E.Either<MetricError, A>>

const finiteStats = ({ sums }: ClassStats): boolean => sums.every(Number.isFinite)

/** The class means; Left names the first row with NaN or Inf. */
export const meansProgram = (
  conventions: Pick<Conventions, 'globalMean'> = paper,
): Attempt<Means> =>
  askSums(stats =>
    finiteStats(stats)
      ? done(classMeans(stats, conventions))
      : askFinite(row =>
          done(E.left(Number.isFinite(row) ? notFinite(row) : overflow('a sum of features'))),
        ),
  )

/** As `meansProgram`, Left also where there is one class only. */
export const comparedMeans = (conventions: Pick<Conventions, 'globalMean'> = paper) =>
  chainRight(
    meansProgram(conventions),
    (means): Attempt<Means> => done(means.classes < 2 ? E.left(oneClass) : E.right(means)),
  )

/** What a summary is for: with `directions` nc1 too, with a classifier nccMismatch too. */
export interface SummaryWants {
  readonly directions: boolean
  readonly classifier?: Classifier
}

const framed = (means: Means, directions: Directions, classifier?: Classifier) =>
  classifier === undefined
    ? plainFrame(means, directions)
    : choiceFrame(means, directions, classifier)

/** Means first, then the residuals about them. */
export const summaryProgram =
  (wants: SummaryWants, conventions: Conventions = paper) =>
  (means: Means): Attempt<Summary> => {
    const { classifier } = wants
    const checked =
      classifier === undefined
        ? E.right(undefined)
        : checkClassifier(classifier, means.classes, means.d)
    if (E.isLeft(checked)) return done(checked)
    const wanted = wants.directions || classifier !== undefined
    const directions = wanted ? betweenDirections(means, conventions) : noDirections
    return askResiduals(framed(means, directions, checked.right), residuals =>
      done(
        residuals.within.every(Number.isFinite) && residuals.energy.every(Number.isFinite)
          ? E.right({ means, directions, residuals })
          : E.left(overflow('a squared length')),
      ),
    )
  }

/** A metric of the class means, run over rows in memory. */
export const measureMeans = (
  features: Features,
  labels: Labels,
  conventions: Conventions,
  metric: (means: Means) => E.Either<MetricError, number>,
): E.Either<MetricError, number> =>
  runInMemory(features, labels, () =>
    chainRight(comparedMeans(conventions), means => done(metric(means))),
  )

/** A metric of a summary, run over rows in memory. */
export const measureSummary = (
  features: Features,
  labels: Labels,
  wants: SummaryWants,
  conventions: Conventions,
  metric: (summary: Summary) => E.Either<MetricError, number>,
): E.Either<MetricError, number> =>
  runInMemory(features, labels, () =>
    chainRight(
      chainRight(comparedMeans(conventions), summaryProgram(wants, conventions)),
      summary => done(metric(summary)),
    ),
  )

// Every metric at once, in the fewest passes: two, and those of the spectral norms.
import * as E from 'fp-ts/Either'
import { cdnvOf } from './cdnv.ts'
import { type Conventions, conventions } from './conventions.ts'
import { equiangularityOf } from './equiangularity.ts'
import { equinormOf } from './equinorm.ts'
import { etfDistanceOf } from './etf-distance.ts'
import type { Classifier, Features, Labels } from './features.ts'
import { traceBOf } from './means.ts'
import type { MetricError } from './metric-error.ts'
import { nc1Of } from './nc1.ts'
import { nccMismatchOf } from './ncc-mismatch.ts'
import { nullNc1 } from './null-nc1.ts'
import { numericalRankProgram } from './numerical-rank.ts'
import { chain, chainRight, done, type Program, runInMemory } from './program.ts'
import { selfDualityOf } from './self-duality.ts'
import { comparedMeans, type Summary, summaryProgram } from './summary.ts'
import { traceWOf } from './traces.ts'

/** The metrics' names, in the order in which they are reported. */
export const metricNames = [
  'nc1',
  'cdnv',
  'numericalRank',
  'etfDistance',
  'equinorm',
  'equiangularity',
  'selfDuality',
  'nccMismatch',
  'traceW',
  'traceB',
  'nullNc1',
] as const

/** One of the eleven metrics. */
export type MetricName = (typeof metricNames)[number]

/** Each metric's value, or null where these features do not define it. */
export type Measures = { readonly [name in MetricName]: number | null }

/** The metrics with the sizes they were taken from: `perClass` samples of each class, `rank` the
 * number of eigenvalues of Sigma_B that count. */
export interface MeasureReport extends Measures {
  readonly n: number
  readonly d: number
  readonly classes: number
  readonly perClass: ReadonlyArray<number>
  readonly rank: number
}

/** `only` leaves all other metrics null and saves their cost; `classifier` adds NC3 and NC4. */
export interface MeasureOptions {
  readonly conventions?: Partial<Conventions>
  readonly classifier?: Classifier
  readonly only?: ReadonlyArray<MetricName>
}

type Tried = E.Either<MetricError, number>

const without: Tried = E.left({ _tag: 'NotDefined', why: 'needs weight [K, d]' })

const attempts = (
  summary: Summary,
  rank: Tried,
  choice: Conventions,
  classifier?: Classifier,
): { readonly [name in MetricName]: Tried } => ({
  nc1: nc1Of(summary, choice),
  cdnv: cdnvOf(summary),
  numericalRank: rank,
  etfDistance: etfDistanceOf(summary.means),
  equinorm: equinormOf(summary.means),
  equiangularity: equiangularityOf(summary.means),
  selfDuality:
    classifier === undefined ? without : selfDualityOf(summary.means, classifier, choice),
  nccMismatch: classifier === undefined ? without : nccMismatchOf(summary),
  traceW: traceWOf(summary, choice),
  traceB: E.right(traceBOf(summary.means)),
  nullNc1: nullNc1(summary.means.counts, summary.means.d),
})

const reportOf = (
  summary: Summary,
  rank: Tried,
  choice: Conventions,
  { classifier, only = metricNames }: MeasureOptions,
): MeasureReport => {
  const tried = attempts(summary, rank, choice, classifier)
  const value = (name: MetricName): number | null =>
    only.includes(name) ? E.getOrElseW(() => null)(tried[name]) : null
  return {
    nc1: value('nc1'),
    cdnv: value('cdnv'),
    numericalRank: value('numericalRank'),
    etfDistance: value('etfDistance'),
    equinorm: value('equinorm'),
    equiangularity: value('equiangularity'),
    selfDuality: value('selfDuality'),
    nccMismatch: value('nccMismatch'),
    traceW: value('traceW'),
    traceB: value('traceB'),
    nullNc1: value('nullNc1'),
    n: summary.means.total,
    d: summary.means.d,
    classes: summary.means.classes,
    perClass: Array.from(summary.means.counts),
    rank: summary.directions.rank,
  }
}

/** The passes of a whole measurement, for whoever reads the rows. Left for one class, an empty
 * class, NaN or Inf, sums past float64, or a classifier of another shape. */
export const measureProgram = (
  options: MeasureOptions = {},
): Program<E.Either<MetricError, MeasureReport>> => {
  const choice = conventions(options.conventions)
  const { classifier, only = metricNames } = options
  const chooses = classifier !== undefined && only.includes('nccMismatch')
  const wants = { directions: true, ...(chooses ? { classifier } : {}) }
  return chainRight(chainRight(comparedMeans(choice), summaryProgram(wants, choice)), summary =>
    chain(
      only.includes('numericalRank') ? numericalRankProgram(choice)(summary) : done(without),
      rank => done(E.right(reportOf(summary, rank, choice, options))),
    ),
  )
}

/** Every metric of features [N, d] with labels 0 .. K-1, in memory. A metric that these features
 * do not define is null (see `MeasureReport`); input that allows none is Left. */
export const measure = (
  features: Features,
  labels: Labels,
  options: MeasureOptions = {},
): E.Either<MetricError, MeasureReport> =>
  runInMemory(features, labels, () => measureProgram(options))

// All scores of one layer's features, each null where it is not defined.
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import type { MetricError } from '../collapse/metric-error.ts'
import { nc1 } from '../collapse/nc1.ts'
import { nullNc1 } from '../collapse/null-nc1.ts'
import { permutation } from '../core/random.ts'
import type { Score } from './bootstrap.ts'
import { hScore } from './h-score.ts'
import { type Jackknife, jackknife, type Range } from './jackknife.ts'
import { checkLabelled, type Labelled, pickRows, stratifiedSplit } from './labelled.ts'
import { linearProbe } from './linear-probe.ts'
import { logme } from './logme.ts'
import { nearestMeanAccuracy } from './nearest-mean.ts'

/** Scores of features [N, d]. `nullNc1` is what isotropic features of this width have without structure, `shuffledNc1`
 * what these very features have with labels dealt out anew (the geometric mean of three deals). `nearestMean` and `probe` are accuracies 0 .. 1 on samples held out; `probeTested` are how
 * many the probe was judged on; `hScore` is the shrunk one. */
export interface LayerScores {
  readonly nc1: Jackknife | null
  readonly nullNc1: number | null
  readonly shuffledNc1: number | null
  readonly nearestMean: number | null
  readonly probe: number | null
  readonly probeTested: number
  readonly probeTrain: number | null
  readonly logme: number | null
  readonly hScore: number | null
}

const orNull = <A>(found: E.Either<MetricError, A>): A | null =>
  E.toUnion(E.mapLeft(() => null)(found))

const countsOf = (labels: ArrayLike<number>): Float64Array => {
  const ids = Array.from(labels)
  const counts = new Float64Array(1 + ids.reduce((most, id) => Math.max(most, id), 0))
  for (const id of ids) counts[id] = (counts[id] ?? 0) + 1
  return counts
}

/** nc1 as a score that can be resampled. */
export const nc1Score: Score = ({ features, labels }) => nc1(features, labels)

const deals = [0, 1, 2]

const shuffledNc1 = ({ features, labels }: Labelled, seed: number): E.Either<MetricError, number> =>
  pipe(
    deals,
    E.traverseArray(deal => {
      const order = permutation(labels.length, seed, `shuffled.${deal}`)
      return nc1(
        features,
        Int32Array.from(order, row => labels[row] ?? 0),
      )
    }),
    E.map(values => Math.exp(values.reduce((sum, x) => sum + Math.log(x), 0) / values.length)),
  )

const probed = (labelled: Labelled, seed: number) =>
  pipe(
    stratifiedSplit(labelled.labels, { seed }),
    E.chain(({ train, test }) =>
      pipe(
        linearProbe(pickRows(labelled, train), pickRows(labelled, test)),
        E.map(probe => ({ ...probe, tested: test.length })),
      ),
    ),
  )

/** Every score of a layer; the same seed, the same numbers. Left for bad labels and features that are not finite. */
export const scoreLayer = (labelled: Labelled, seed = 0): E.Either<MetricError, LayerScores> =>
  pipe(
    checkLabelled(labelled),
    E.map(() => {
      const { features, labels } = labelled
      const probe = orNull(probed(labelled, seed))
      return {
        nc1: orNull(jackknife(nc1Score, labelled, { seed })),
        nullNc1: orNull(nullNc1(countsOf(labels), features.d)),
        shuffledNc1: orNull(shuffledNc1(labelled, seed)),
        nearestMean: orNull(nearestMeanAccuracy(labelled)),
        probe: probe?.accuracy ?? null,
        probeTested: probe?.tested ?? 0,
        probeTrain: probe?.trainAccuracy ?? null,
        logme: orNull(logme(labelled)),
        hScore: orNull(hScore(labelled, { shrinkage: 'ledoit-wolf' })),
      }
    }),
  )

/** Wilson's 95 % interval of a share of `n` trials. */
export const shareRange = (share: number, n: number): Range => {
  const z2 = 1.96 ** 2
  const middle = (share + z2 / (2 * n)) / (1 + z2 / n)
  const half = (1.96 * Math.sqrt((share * (1 - share)) / n + z2 / (4 * n * n))) / (1 + z2 / n)
  return { low: Math.max(0, middle - half), high: Math.min(1, middle + half) }
}

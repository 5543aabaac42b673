// All that `collapse advise` finds of one network: scores of its layers, what tuning costs, and the order of its units.
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as O from 'fp-ts/Option'
import * as TE from 'fp-ts/TaskEither'
import { type Jackknife, jackknifeRange } from '../../src/advise/jackknife.ts'
import { type LayerScores, scoreLayer, shareRange } from '../../src/advise/layer-scores.ts'
import { leep } from '../../src/advise/leep.ts'
import { type Candidate as RankedUnit, rankUnits } from '../../src/advise/rank-units.ts'
import type { Budget, Cost, Estimate, LayerAdvice, NetworkAdvice } from '../../src/codec/advice.ts'
import { faultOfMetric } from '../../src/collapse/metric-error.ts'
import type { Fault } from '../../src/core/fault.ts'
import type { Engine } from '../../src/device/engine.ts'
import { turn } from '../../src/device/wait.ts'
import { countParameters, unitsOf } from '../../src/models/model.ts'
import type { Way } from '../../src/transfer/ways.ts'
import { batchFor } from '../network/load-network.ts'
import type { Session } from '../run.ts'
import { costOf, type Job } from './cost.ts'
import type { Candidate, Sample } from './load.ts'
import { type ReadFeatures, type ReadLayer, readFeatures } from './read-features.ts'

/** What is asked of every network. */
export interface Question {
  readonly session: Session
  readonly engine: Engine
  readonly budget: Budget | null
  readonly job: Job
  readonly seed: number
}

/** A network's advice, and the rate by which its seconds are estimated. */
export interface Assessed {
  readonly advice: NetworkAdvice
  readonly flopsPerSecond: number
}

/** A layer with everything that ranks it. */
interface Scored {
  readonly layer: ReadLayer
  readonly scores: LayerScores
  readonly cost: Cost
}

const estimateOf = (found: Jackknife | null): Estimate | null =>
  found === null ? null : { value: found.estimate, ...jackknifeRange(found) }

const layerAdvice = ({ layer, scores, cost }: Scored): LayerAdvice => ({
  layer: layer.name,
  unit: layer.unit,
  d: layer.width,
  nc1: estimateOf(scores.nc1),
  nullNc1: scores.nullNc1,
  shuffledNc1: scores.shuffledNc1,
  nearestMean: scores.nearestMean,
  probe:
    scores.probe === null
      ? null
      : { value: scores.probe, ...shareRange(scores.probe, scores.probeTested) },
  probeTrain: scores.probeTrain,
  logme: scores.logme,
  hScore: scores.hScore,
  cost,
  reached: null,
})

/** What counts against a budget. */
export const spent = ({ parameters, bytes, secondsPerEpoch }: Cost, { of }: Budget): number =>
  of === 'params' ? parameters : of === 'bytes' ? bytes : secondsPerEpoch

const rankedUnit =
  (budget: Budget | null) =>
  ({ layer, scores, cost }: Scored): ReadonlyArray<RankedUnit> => {
    if (layer.unit === null) return []
    const { nc1, nearestMean, probe, logme, hScore } = scores
    const price = budget === null ? null : spent(cost, budget)
    const over = price !== null && budget?.limit != null && price > budget.limit
    return [
      { unit: layer.unit, nc1, scores: { nearestMean, probe, logme, hScore }, cost: price, over },
    ]
  }

/** How a unit is tuned by itself; the classifier's input by the classifier alone. */
export const wayOf = ({ network }: Candidate, unit: number | null): Way => {
  const found = unitsOf(network.model).find(({ number }) => number === unit)
  return found === undefined ? { _tag: 'Probe' } : { _tag: 'Layer', block: found.index }
}

/** Scores layer by layer, which takes seconds each; none where it was interrupted. */
const scoreAll =
  (
    { session, engine, job, seed }: Question,
    candidate: Candidate,
    { labels }: Sample,
    { layers, flopsPerSecond }: ReadFeatures,
  ): TE.TaskEither<Fault, O.Option<ReadonlyArray<Scored>>> =>
  async () => {
    const tracked = session.progress.start(`scores of ${candidate.model}`, layers.length)
    const stop = session.interruption()
    const done: Array<Scored> = []
    try {
      for (const layer of layers) {
        await turn()
        if (stop.asked()) return E.right(O.none)
        const features = { data: layer.rows, n: labels.length, d: layer.width }
        const found = pipe(
          scoreLayer({ features, labels }, seed),
          E.mapLeft(faultOfMetric(`layer ${layer.name}`)),
          E.bindTo('scores'),
          E.bind('cost', () =>
            costOf(engine, candidate.network, job, flopsPerSecond, wayOf(candidate, layer.unit)),
          ),
        )
        if (E.isLeft(found)) return found
        done.push({ layer, ...found.right })
        tracked.update(done.length, layer.name)
      }
      return E.right(O.some(done))
    } finally {
      tracked.stop()
    }
  }

const leepOf = ({ probabilities }: ReadFeatures, { labels }: Sample, classes: number) =>
  probabilities === null
    ? null
    : pipe(
        leep({ data: probabilities, n: labels.length, d: classes }, labels),
        E.match(
          () => null,
          value => value,
        ),
      )

const adviceOf = (
  { budget }: Question,
  { model: name, weights, network }: Candidate,
  sample: Sample,
  read: ReadFeatures,
  scored: ReadonlyArray<Scored>,
): NetworkAdvice => {
  const { model, init } = network
  return {
    ...{ model: name, weights },
    input: model.input,
    parameters: countParameters(init),
    width: init.width,
    leep: leepOf(read, sample, model.classes),
    layers: scored.map(layerAdvice),
    ...rankUnits(scored.flatMap(rankedUnit(budget))),
    foretold: null,
    said: [],
  }
}

/** Reads and scores one network; none where it was interrupted. */
export const assess = (
  question: Question,
  candidate: Candidate,
  sample: Sample,
): TE.TaskEither<Fault, O.Option<Assessed>> => {
  const { session, engine } = question
  const { feed } = sample
  const batch = Math.min(batchFor(engine, candidate.network.model), feed.count)
  const tracked = session.progress.start(`images through ${candidate.model}`, feed.count)
  const stop = session.interruption()
  const reading = readFeatures(engine, candidate, feed, batch, done => {
    tracked.update(done)
    return !stop.asked()
  })
  return pipe(
    async () => {
      const read = await reading()
      tracked.stop()
      return read
    },
    TE.chain(read =>
      O.isNone(read)
        ? TE.right(O.none)
        : pipe(
            scoreAll(question, candidate, sample, read.value),
            TE.map(
              O.map(scored => ({
                advice: adviceOf(question, candidate, sample, read.value, scored),
                flopsPerSecond: read.value.flopsPerSecond,
              })),
            ),
          ),
    ),
  )
}

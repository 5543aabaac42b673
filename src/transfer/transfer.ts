// One transfer: a way, trained on a downstream task from cached frozen features, scored and measured.
import { pipe } from 'fp-ts/function'
import * as O from 'fp-ts/Option'
import * as TE from 'fp-ts/TaskEither'
import type { Fault } from '../core/fault.ts'
import type { Engine } from '../device/engine.ts'
import { totalBytes } from '../plan/plan.ts'
import { unitsOf } from '../models/model.ts'
import type { PlanBytes } from '../plan/types.ts'
import { type EpochLog, trainEpochs } from '../train/epochs.ts'
import { type Network, arraysWhere, putContents, storedName } from '../train/network.ts'
import { evaluationProgram } from '../train/programs.ts'
import { evaluate, type OnStep } from '../train/run.ts'
import { dropSamples, putSamples } from '../train/samples.ts'
import { dropSlots } from '../train/snapshot.ts'
import { unitNc1 } from '../train/unit-metrics.ts'
import { type Recipe, type Setting, settingOf, startOf } from './setting.ts'
import type { Target } from './target.ts'
import { trainedShare, type Way } from './ways.ts'

/** What a transfer gave. Accuracies are shares in [0, 1]; `nc1` is by unit of the encoder itself, without the skip. */
export interface Outcome {
  readonly way: Way
  readonly testAccuracy: number
  readonly bestAccuracy: number
  readonly trainAccuracy: number
  readonly penultimateNc1: number
  readonly nc1: ReadonlyArray<number>
  readonly trained: number
  readonly percent: number
  readonly seconds: number
  readonly plannedBytes: number
}

const scoreTest = ({ engine, training, test, recipe }: Setting): TE.TaskEither<Fault, number> =>
  pipe(
    evaluate(
      engine,
      evaluationProgram({ ...training, samples: test, batch: recipe.testBatch }),
      test,
      recipe.testBatch,
    ),
    TE.map(score => score.accuracy),
  )

interface Trained {
  readonly trainAccuracy: number
  readonly accuracies: ReadonlyArray<number>
  readonly seconds: number
  readonly plannedBytes: number
}

/** Trains all epochs; none where `onStep` stopped it. */
const train = (setting: Setting, onStep: OnStep): TE.TaskEither<Fault, O.Option<Trained>> => {
  const { engine, training, recipe } = setting
  const { epochs, schedule, hyper, seed, evaluateEvery } = recipe
  const logs: Array<EpochLog> = []
  const accuracies: Array<number> = []
  let plannedBytes = 0
  const onEpoch = (log: EpochLog): TE.TaskEither<Fault, unknown> => {
    logs.push(log)
    const due = log.epoch % evaluateEvery === 0 || log.epoch === epochs
    return due
      ? pipe(
          scoreTest(setting),
          TE.map(a => accuracies.push(a)),
        )
      : TE.right(null)
  }
  const onPlan = (bytes: PlanBytes): void => {
    plannedBytes = totalBytes(bytes)
  }
  return pipe(
    trainEpochs(engine, { training, epochs, schedule, hyper, seed }, { onStep, onEpoch, onPlan }),
    TE.map(place => {
      const seconds = logs.reduce((sum, log) => sum + log.seconds, 0)
      const trainAccuracy = logs[logs.length - 1]?.trainAccuracy ?? Number.NaN
      return place.epoch < epochs
        ? O.none
        : O.some({ trainAccuracy, accuracies, seconds, plannedBytes })
    }),
  )
}

/** nc1 of what the classifier sees, and of every unit: measured where it moved, remembered where it is frozen. */
const measure = ({ engine, training, target, recipe, moved }: Setting) => {
  const { network, from } = training
  const units = unitsOf(network.model)
  const passed = units.filter(({ index }) => index < from).length
  return pipe(
    unitNc1(engine, { ...training, batch: recipe.testBatch }),
    TE.map(measured => ({
      penultimate: measured.features,
      units: units.map(({ index }, i) =>
        index < moved ? (target.nc1[i] ?? Number.NaN) : (measured.units[i - passed] ?? Number.NaN),
      ),
    })),
  )
}

const drop = ({ engine, target, training, test, owns }: Setting): void => {
  const { network } = training
  engine.drop(arraysWhere(network, owns).map(([path]) => storedName(network, path)))
  dropSlots(engine, training)
  if (training.samples !== target.train.samples) dropSamples(engine, training.samples)
  if (test !== target.test.samples) dropSamples(engine, test)
}

const conduct = (
  setting: Setting,
  source: Network,
  onStep: OnStep,
): TE.TaskEither<Fault, O.Option<Outcome>> => {
  const { engine, training, test, way } = setting
  const { network } = training
  return pipe(
    startOf(setting, source),
    TE.chain(contents => putContents(engine, network, contents)),
    TE.chain(() => putSamples(engine, training.samples)),
    TE.chain(() => putSamples(engine, test)),
    TE.chain(() => train(setting, onStep)),
    TE.chain(
      O.match(
        () => TE.right(O.none),
        trained =>
          pipe(
            measure(setting),
            TE.map(nc1 =>
              O.some({
                way,
                testAccuracy: lastOf(trained.accuracies),
                bestAccuracy: Math.max(...trained.accuracies),
                trainAccuracy: trained.trainAccuracy,
                penultimateNc1: nc1.penultimate,
                nc1: nc1.units,
                ...trainedShare(network.model, network.init, way),
                seconds: trained.seconds,
                plannedBytes: trained.plannedBytes,
              }),
            ),
          ),
      ),
    ),
  )
}

const lastOf = (xs: ReadonlyArray<number>): number => xs[xs.length - 1] ?? Number.NaN

/**
 * Transfers a pre-trained network to a target in one way, from the same start and in the same order of samples for the
 * same seed. The source's own parameters stay as they are. None where `onStep` stopped it.
 */
export const transfer =
  (engine: Engine, source: Network, target: Target, recipe: Recipe) =>
  (way: Way, onStep: OnStep): TE.TaskEither<Fault, O.Option<Outcome>> =>
    pipe(
      TE.fromEither(settingOf(engine, source, target, recipe, way)),
      TE.chain(setting => async () => {
        try {
          return await conduct(setting, source, onStep)()
        } finally {
          drop(setting)
        }
      }),
    )

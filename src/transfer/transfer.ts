// One transfer: a way, trained on a downstream task from cached frozen features, scored and measured.
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as O from 'fp-ts/Option'
import * as TE from 'fp-ts/TaskEither'
import type { MeasureReport } from '../collapse/measure.ts'
import type { Fault } from '../core/fault.ts'
import type { Engine } from '../device/engine.ts'
import type { PlanBytes } from '../plan/types.ts'
import { type EpochLog, trainEpochs } from '../train/epochs.ts'
import {
  arraysWhere,
  type Contents,
  getContents,
  type Network,
  putContents,
  storedName,
} from '../train/network.ts'
import { evaluationProgram, trainingProgram } from '../train/programs.ts'
import { evaluate, type OnStep } from '../train/run.ts'
import { dropSamples, putSamples } from '../train/samples.ts'
import { dropSlots } from '../train/snapshot.ts'
import { proveFrozen } from './frozen.ts'
import { type Collapse, measureTuned } from './measure-tuned.ts'
import { type Recipe, type Setting, settingOf, startOf } from './setting.ts'
import type { Target } from './target.ts'
import { type TrainingBytes, trainingBytes } from './training-bytes.ts'
import { trainedShare, type AnyWay, type Way } from './ways.ts'

/** An epoch of a transfer: means over its steps, accuracies as shares in [0, 1]; null where the test split was not scored. */
export interface TransferEpoch extends EpochLog {
  readonly testAccuracy: number | null
}

/** What a transfer gave. Accuracies are shares in [0, 1]; `nc1` is by unit of the encoder itself, without the skip. */
export interface Outcome<W extends AnyWay = Way> {
  readonly way: W
  readonly testAccuracy: number
  readonly bestAccuracy: number
  readonly trainAccuracy: number
  readonly penultimateNc1: number
  readonly nc1: ReadonlyArray<number>
  /** Every metric of the classifier's input; of the encoder's own features besides where a skip adds to them. */
  readonly features: MeasureReport
  readonly encoder: MeasureReport | null
  readonly trained: number
  readonly percent: number
  /** Of the epochs' steps alone, without evaluation. */
  readonly seconds: number
  readonly imagesPerSecond: number
  readonly plannedBytes: number
  readonly bytes: TrainingBytes
  /** Arrays that were frozen, each found bit-identical at the end. */
  readonly frozen: number
  readonly epochs: ReadonlyArray<TransferEpoch>
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
  readonly epochs: ReadonlyArray<TransferEpoch>
  readonly bytes: TrainingBytes
}

/** Trains all epochs; none where `onStep` stopped it. */
const train = (
  setting: Setting,
  onStep: OnStep,
  onEpoch: (epoch: TransferEpoch) => void,
): TE.TaskEither<Fault, O.Option<Trained>> => {
  const { engine, training, recipe } = setting
  const { epochs, schedule, hyper, seed, evaluateEvery } = recipe
  const done: Array<TransferEpoch> = []
  let planned: PlanBytes | null = null
  const ended = (log: EpochLog): TE.TaskEither<Fault, unknown> => {
    const due = log.epoch === epochs || (evaluateEvery > 0 && log.epoch % evaluateEvery === 0)
    const scored: TE.TaskEither<Fault, number | null> = due ? scoreTest(setting) : TE.right(null)
    return pipe(
      scored,
      TE.map(testAccuracy => {
        const epoch = { ...log, testAccuracy }
        done.push(epoch)
        return onEpoch(epoch)
      }),
    )
  }
  const onPlan = (bytes: PlanBytes): void => {
    planned = bytes
  }
  const course = { training, epochs, schedule, hyper, seed }
  return pipe(
    trainEpochs(engine, course, { onStep, onEpoch: ended, onPlan }),
    TE.chainEitherK(place =>
      pipe(
        trainingProgram(training),
        E.map(program =>
          place.epoch < epochs || planned === null
            ? O.none
            : O.some({ epochs: done, bytes: trainingBytes(training, program, planned) }),
        ),
      ),
    ),
  )
}

const drop = ({ engine, target, training, test, owns }: Setting): void => {
  const { network } = training
  engine.drop(arraysWhere(network, owns).map(([path]) => storedName(network, path)))
  dropSlots(engine, training)
  if (training.samples !== target.train.samples) dropSamples(engine, training.samples)
  if (test !== target.test.samples) dropSamples(engine, test)
}

const outcomeOf = <W extends AnyWay>(
  { training: { network, samples } }: Setting,
  way: W,
  { epochs, bytes }: Trained,
  { features, encoder, units }: Collapse,
  frozen: number,
): Outcome<W> => {
  const accuracies = epochs.flatMap(({ testAccuracy }) => testAccuracy ?? [])
  const seconds = epochs.reduce((sum, epoch) => sum + epoch.seconds, 0)
  return {
    way,
    testAccuracy: accuracies.at(-1) ?? Number.NaN,
    bestAccuracy: Math.max(...accuracies),
    trainAccuracy: epochs.at(-1)?.trainAccuracy ?? Number.NaN,
    penultimateNc1: features.nc1 ?? Number.NaN,
    nc1: units,
    features,
    encoder,
    ...trainedShare(network.model, network.init, way),
    seconds,
    imagesPerSecond: (epochs.length * samples.count) / seconds,
    plannedBytes: bytes.total,
    bytes,
    frozen,
    epochs,
  }
}

/** The arrays that a setting must leave as they are. */
const frozenContents = ({ engine, training: { network }, owns }: Setting) =>
  getContents(engine, network, path => !owns(path))

const upload = (setting: Setting, source: Network): TE.TaskEither<Fault, void> => {
  const { engine, training, test } = setting
  return pipe(
    startOf(setting, source),
    TE.chain(contents => putContents(engine, training.network, contents)),
    TE.chain(() => putSamples(engine, training.samples)),
    TE.chain(() => putSamples(engine, test)),
  )
}

const conclude = <W extends AnyWay>(
  setting: Setting,
  way: W,
  before: Contents,
  trained: Trained,
): TE.TaskEither<Fault, Outcome<W>> =>
  pipe(
    measureTuned(setting),
    TE.bindTo('collapse'),
    TE.bind('after', () => frozenContents(setting)),
    TE.chainEitherK(({ collapse, after }) =>
      pipe(
        proveFrozen(before, after),
        E.map(frozen => outcomeOf(setting, way, trained, collapse, frozen)),
      ),
    ),
  )

const conduct = <W extends AnyWay>(
  setting: Setting,
  source: Network,
  way: W,
  { onStep, onEpoch = () => undefined }: TransferHooks,
): TE.TaskEither<Fault, O.Option<Outcome<W>>> =>
  pipe(
    upload(setting, source),
    TE.chain(() => frozenContents(setting)),
    TE.bindTo('before'),
    TE.bind('trained', () => train(setting, onStep, onEpoch)),
    TE.chain(({ before, trained }) =>
      O.isNone(trained)
        ? TE.right(O.none)
        : pipe(conclude(setting, way, before, trained.value), TE.map(O.some)),
    ),
  )

/** What the caller does on the way: `onStep` counts over all epochs, and `false` stops there. */
export interface TransferHooks {
  readonly onStep: OnStep
  readonly onEpoch?: (epoch: TransferEpoch) => void
}

/**
 * Transfers a pre-trained network to a target in one way, from the same start and in the same order of samples for the
 * same seed. The source's own parameters stay as they are, and what is frozen is proved to: a failure where it is not.
 * None where `onStep` stopped it.
 */
export const transfer =
  (engine: Engine, source: Network, target: Target, recipe: Recipe) =>
  <W extends AnyWay>(
    way: W,
    hooks: OnStep | TransferHooks,
  ): TE.TaskEither<Fault, O.Option<Outcome<W>>> =>
    pipe(
      TE.fromEither(settingOf(engine, source, target, recipe, way)),
      TE.chain(setting => async () => {
        try {
          const told = typeof hooks === 'function' ? { onStep: hooks } : hooks
          return await conduct(setting, source, way, told)()
        } finally {
          drop(setting)
        }
      }),
    )

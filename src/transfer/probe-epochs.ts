// Epochs of training for all heads at once: each step takes one batch of rows, and every head learns from it.
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import type { Fault } from '../core/fault.ts'
import { hashName } from '../core/random.ts'
import type { Engine, Executable } from '../device/engine.ts'
import { HYPER, hyperOf } from '../optim/optimizer.ts'
import type { Contents } from '../train/network.ts'
import { METER } from '../train/programs.ts'
import { always, type OnStep, runSteps, type Score, scoreOf, using } from '../train/run.ts'
import { epochOrder, putBatch, stepsOf, storedOrder } from '../train/samples.ts'
import {
  dropHead,
  forEach,
  headsOf,
  type HeadTask,
  meterOf,
  type ProbeHead,
  putHead,
  readHead,
  scoresOfAll,
  stepOfAll,
} from './probe-heads.ts'
import type { Recipe } from './setting.ts'

/** How heads are trained: as in a transfer, without what only a network has. */
export type HeadRecipe = Pick<
  Recipe,
  'epochs' | 'batch' | 'testBatch' | 'schedule' | 'hyper' | 'seed' | 'loss' | 'evaluateEvery'
>

/**
 * An epoch of all heads, in their order: means over its steps, and over the test split where it was scored (null else).
 * A head whose loss is no longer finite has NaN. `seconds` are of the steps alone.
 */
export interface HeadsEpoch {
  readonly epoch: number
  readonly lr: number
  readonly train: ReadonlyArray<Score>
  readonly test: ReadonlyArray<Score> | null
  readonly seconds: number
  readonly imagesPerSecond: number
}

/** The epochs that ended, all of them where `whole`; the heads' parameters at the end, and the bytes planned for a step. */
export interface TrainedHeads {
  readonly epochs: ReadonlyArray<HeadsEpoch>
  readonly whole: boolean
  readonly heads: ReadonlyArray<Contents>
  readonly bytes: Executable['bytes']
}

/** `onStep` counts over all epochs; `false` stops there. */
export interface HeadHooks {
  readonly onStep: OnStep
  readonly onEpoch?: (epoch: HeadsEpoch) => void
}

interface Course {
  readonly engine: Engine
  readonly heads: ReadonlyArray<ProbeHead>
  readonly task: HeadTask
  readonly recipe: HeadRecipe
}

const resetMeters = ({ engine, heads }: Course): TE.TaskEither<Fault, void> =>
  forEach(heads, head => engine.put(meterOf(head), METER.aval, new Float32Array(3)))

const readMeters = (
  { heads }: Course,
  executable: Executable,
): TE.TaskEither<Fault, ReadonlyArray<Score>> =>
  pipe(
    executable.outputs,
    TE.map(outputs => heads.map(head => scoreOf(outputs[meterOf(head)] ?? []))),
  )

const scoreTest = (
  course: Course,
  tested: Executable,
): TE.TaskEither<Fault, ReadonlyArray<Score>> =>
  pipe(
    resetMeters(course),
    TE.chain(() =>
      runSteps(
        tested,
        storedOrder(course.task.labels.test.length),
        course.recipe.testBatch,
      )(always),
    ),
    TE.chain(() => readMeters(course, tested)),
  )

interface Ran {
  readonly epoch: HeadsEpoch
  readonly goOn: boolean
}

/** One epoch; null where it was stopped before its end. */
const runEpoch =
  (course: Course, stepped: Executable, tested: Executable, onStep: OnStep) =>
  (index: number): TE.TaskEither<Fault, Ran | null> =>
  async () => {
    const { engine, task, recipe } = course
    const { epochs, batch, seed, schedule, hyper, evaluateEvery } = recipe
    const count = task.labels.train.length
    const steps = stepsOf(count, batch)
    const lr = schedule(index)
    let goOn = true
    const began = performance.now()
    const ran = await pipe(
      engine.put(HYPER.name, HYPER.aval, hyperOf({ ...hyper, lr })),
      TE.chain(() => resetMeters(course)),
      TE.chain(() => {
        const random = hashName(`dropout ${seed} ${index}`)
        return runSteps(
          stepped,
          epochOrder(count, seed, index),
          batch,
          0,
          random,
        )(done => {
          goOn = onStep(index * steps + done, epochs * steps)
          return goOn
        })
      }),
      TE.bindTo('done'),
      TE.bind('train', () => readMeters(course, stepped)),
    )()
    if (E.isLeft(ran)) return ran
    if (ran.right.done < steps) return E.right(null)
    const seconds = (performance.now() - began) / 1000
    const last = index + 1 === epochs || !goOn
    const due = last || (evaluateEvery > 0 && (index + 1) % evaluateEvery === 0)
    const test = due ? await scoreTest(course, tested)() : E.right(null)
    const { train } = ran.right
    return E.Functor.map(test, scores => ({
      goOn,
      epoch: {
        ...{ epoch: index + 1, lr, train, test: scores },
        ...{ seconds, imagesPerSecond: count / seconds },
      },
    }))
  }

const isLost = ({ loss }: Score): boolean => !Number.isFinite(loss)

const runEpochs =
  (course: Course, { onStep, onEpoch = () => undefined }: HeadHooks) =>
  (stepped: Executable, tested: Executable): TE.TaskEither<Fault, Omit<TrainedHeads, 'heads'>> =>
  async () => {
    const done: Array<HeadsEpoch> = []
    const run = runEpoch(course, stepped, tested, onStep)
    const ended = (whole: boolean) => E.right({ epochs: done, whole, bytes: stepped.bytes })
    for (let index = 0; index < course.recipe.epochs; index++) {
      const ran = await run(index)()
      if (E.isLeft(ran)) return ran
      if (ran.right === null) return ended(false)
      const { epoch, goOn } = ran.right
      done.push(epoch)
      onEpoch(epoch)
      if (epoch.train.every(isLost)) return ended(true)
      if (!goOn && epoch.epoch < course.recipe.epochs) return ended(false)
    }
    return ended(true)
  }

const prepare = ({ engine, heads, recipe }: Course): TE.TaskEither<Fault, void> =>
  pipe(
    forEach(heads, putHead(engine, recipe.seed)),
    TE.chain(() => putBatch(engine, recipe.batch)),
    TE.chain(() => putBatch(engine, recipe.testBatch)),
    TE.chain(() => engine.put(HYPER.name, HYPER.aval)),
  )

const conduct = (course: Course, hooks: HeadHooks): TE.TaskEither<Fault, TrainedHeads> => {
  const { engine, heads, recipe } = course
  return pipe(
    prepare(course),
    TE.chain(() => resetMeters(course)),
    TE.chain(() =>
      using<Omit<TrainedHeads, 'heads'>>(
        engine,
        stepOfAll(heads),
      )(stepped =>
        using<Omit<TrainedHeads, 'heads'>>(
          engine,
          scoresOfAll(heads, recipe.testBatch),
        )(tested => runEpochs(course, hooks)(stepped, tested)),
      ),
    ),
    TE.bindTo('trained'),
    TE.bind('parameters', () => TE.traverseSeqArray(readHead(engine))(heads)),
    TE.map(({ trained, parameters }) => ({ ...trained, heads: parameters })),
  )
}

/**
 * Trains a classifier on every table, all in one run of the data: heads share no array, so each gets to the bit what it
 * would get alone. A head whose loss is no longer finite does not disturb the others; they end early where none is left.
 */
export const trainHeads = (
  engine: Engine,
  task: HeadTask,
  recipe: HeadRecipe,
  hooks: HeadHooks,
): TE.TaskEither<Fault, TrainedHeads> =>
  pipe(
    TE.fromEither(headsOf(engine, task, recipe)),
    TE.chain(heads => async () => {
      try {
        return await conduct({ engine, heads, task, recipe }, hooks)()
      } finally {
        heads.forEach(dropHead(engine))
      }
    }),
  )

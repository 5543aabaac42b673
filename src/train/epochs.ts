// Epochs of training: order, learning rate, steps, and the meter, from a start or from where a run stopped.
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import type { Fault } from '../core/fault.ts'
import { hashName } from '../core/random.ts'
import type { Engine, Executable } from '../device/engine.ts'
import type { PlanBytes } from '../plan/types.ts'
import { HYPER, hyperOf, type SgdHyper } from '../optim/optimizer.ts'
import type { Schedule } from '../optim/schedule.ts'
import { METER, type Training, trainingProgram } from './programs.ts'
import { type OnStep, readMeter, resetMeter, runSteps, type Score, scoreOf, using } from './run.ts'
import { epochOrder, putBatch, stepsOf } from './samples.ts'
import { type Place, putScaling, putSlots, scaledFor, type Snapshot, sumsOf } from './snapshot.ts'

/** How long and how fast to train. The store holds the samples and the network's parameters already. */
export interface Course {
  readonly training: Training
  readonly epochs: number
  readonly schedule: Schedule
  readonly hyper: Omit<SgdHyper, 'lr'>
  /** Seed of the order of the samples in each epoch. */
  readonly seed: number
  /** Where to go on; from the start, with zeroed slots, where it is left out. */
  readonly from?: Snapshot
  /** Steps between readings of the meter, each of which waits for the device; 50 where it is left out. */
  readonly readEvery?: number
}

/** What one epoch of training gave; `epoch` counts from 1, loss and accuracy are means over its steps. */
export interface EpochLog {
  readonly epoch: number
  readonly lr: number
  readonly loss: number
  readonly trainAccuracy: number
  /** Seconds of the steps that ran in this process, and the images a second in them. */
  readonly seconds: number
  readonly imagesPerSecond: number
}

/** What the caller does on the way. `onStep` counts over all epochs; `false` stops there. */
export interface EpochHooks {
  readonly onStep: OnStep
  /** Score of the epoch so far, at each reading of the meter. */
  readonly onScore?: (score: Score) => void
  readonly onEpoch: (log: EpochLog) => TE.TaskEither<Fault, unknown>
  /** The bytes of the training program, once it is loaded. */
  readonly onPlan?: (bytes: PlanBytes) => void
}

const READ_EVERY = 50

interface Epoch {
  readonly index: number
  readonly first: number
}

interface Ran {
  readonly step: number
  readonly goOn: boolean
  readonly score: Score
}

/** Runs the steps of one epoch in pieces between which the meter is read; gives the step after the last that ran. */
const runEpoch =
  (executable: Executable, course: Course, hooks: EpochHooks) =>
  ({ index, first }: Epoch): TE.TaskEither<Fault, Ran> =>
  async () => {
    const { training, seed, epochs, readEvery = READ_EVERY } = course
    const order = epochOrder(training.samples.count, seed, index)
    const total = stepsOf(order.length, training.batch)
    let step = first
    let goOn = true
    let score: Score = { loss: 0, accuracy: 0 }
    while (goOn && step < total) {
      const ran = await runSteps(
        executable,
        order,
        training.batch,
        step,
        hashName(`dropout ${seed} ${index}`),
      )(done => {
        goOn = hooks.onStep(index * total + done, epochs * total)
        return goOn && done % readEvery !== 0
      })()
      if (E.isLeft(ran)) return ran
      step = ran.right
      const sums = await readMeter(executable)()
      if (E.isLeft(sums)) return sums
      score = scoreOf(sums.right)
      hooks.onScore?.(score)
    }
    return E.right({ step, goOn, score })
  }

const prepareEpoch = (
  engine: Engine,
  { schedule, hyper, from }: Course,
  { index, first }: Epoch,
): TE.TaskEither<Fault, void> =>
  pipe(
    engine.put(HYPER.name, HYPER.aval, hyperOf({ ...hyper, lr: schedule(index) })),
    TE.chain(() =>
      first > 0 && from !== undefined
        ? engine.put(METER.name, METER.aval, sumsOf(from))
        : resetMeter(engine),
    ),
  )

const runCourse =
  (engine: Engine, course: Course, hooks: EpochHooks) =>
  (executable: Executable): TE.TaskEither<Fault, Place> =>
  async () => {
    const { from, epochs, schedule, training } = course
    const total = stepsOf(training.samples.count, training.batch)
    for (let index = from?.epoch ?? 0; index < epochs; index++) {
      const epoch = { index, first: index === from?.epoch ? from.step : 0 }
      const began = performance.now()
      const prepared = await prepareEpoch(engine, course, epoch)()
      if (E.isLeft(prepared)) return prepared
      const ran = await runEpoch(executable, course, hooks)(epoch)()
      if (E.isLeft(ran)) return ran
      const { step, goOn, score } = ran.right
      if (step < total) return E.right({ epoch: index, step })
      const seconds = (performance.now() - began) / 1000
      const lr = schedule(index)
      const imagesPerSecond = (training.samples.count - epoch.first * training.batch) / seconds
      const { loss, accuracy: trainAccuracy } = score
      const log = { epoch: index + 1, lr, loss, trainAccuracy, seconds, imagesPerSecond }
      const told = await hooks.onEpoch(log)()
      if (E.isLeft(told)) return told
      if (!goOn) return E.right({ epoch: index + 1, step: 0 })
    }
    return E.right({ epoch: epochs, step: 0 })
  }

/**
 * Trains, and gives the place after the last step that ran: `{ epoch: epochs, step: 0 }` at the end. Stopped within an
 * epoch, it gives a place within; stopped at an epoch's last step, it still ends that epoch. On an engine of f16 products
 * the loss is scaled.
 */
export const trainEpochs = (
  engine: Engine,
  course: Course,
  hooks: EpochHooks,
): TE.TaskEither<Fault, Place> => {
  const training = scaledFor(engine, course.training)
  return pipe(
    putSlots(engine, training, course.from?.slots),
    TE.chain(() => putScaling(engine, training, course.from)),
    TE.chain(() => putBatch(engine, training.batch)),
    TE.chain(() => engine.put(HYPER.name, HYPER.aval)),
    TE.chain(() => resetMeter(engine)),
    TE.chain(() =>
      using<Place>(
        engine,
        trainingProgram(training),
      )(executable => {
        hooks.onPlan?.(executable.bytes)
        return runCourse(engine, course, hooks)(executable)
      }),
    ),
  )
}

// A training run on an open engine: epochs, evaluation, measurement, and the files of the run's folder.
import { join } from 'node:path'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import { deviceFacts } from '../../src/codec/device-facts.ts'
import { showTrainConfig } from '../../src/codec/train-config.ts'
import {
  type EpochLine,
  type RunFacts,
  showEpochLine,
  showResult,
} from '../../src/codec/train-run.ts'
import type { Fault } from '../../src/core/fault.ts'
import { writeAtomic } from '../../src/data/atomic-file.ts'
import { appendLine, runFiles } from '../../src/data/run-folder.ts'
import type { Engine } from '../../src/device/engine.ts'
import { countParameters, unitsOf } from '../../src/models/model.ts'
import { cosine } from '../../src/optim/schedule.ts'
import { type EpochLog, trainEpochs } from '../../src/train/epochs.ts'
import { putContents } from '../../src/train/network.ts'
import { evaluationProgram } from '../../src/train/programs.ts'
import { evaluate, type Score } from '../../src/train/run.ts'
import { putSamples, stepsOf } from '../../src/train/samples.ts'
import type { Place, Snapshot } from '../../src/train/snapshot.ts'
import { unitNc1 } from '../../src/train/unit-metrics.ts'
import { batchFor } from '../network/load-network.ts'
import type { Session } from '../run.ts'
import type { Materials } from './materials.ts'
import { showEpoch, showScore } from './say.ts'
import type { Stopped } from './settle.ts'
import { restore, writeCheckpoint } from './stop.ts'

/** A run under way; `lines` are the epochs that it ended. */
export interface Lab {
  readonly session: Session
  readonly materials: Materials
  readonly engine: Engine
  readonly dir: string
  readonly lines: Array<EpochLine>
}

/** Rows and small images in an evaluation's batch; maps take room, so images of networks of them come in fewer. */
const EVALUATION_BATCH = 512

const evaluationBatch = ({ engine, materials: { training } }: Lab): number => {
  const { model } = training.network
  return model.input.length === 1 ? EVALUATION_BATCH : batchFor(engine, model)
}

/** A checkpoint is also written at the end of an epoch when the last one is older than this. */
const CHECKPOINT_SECONDS = 60

const isDue = ({ materials: { config } }: Lab, epoch: number, every: number): boolean =>
  epoch === config.epochs || (every > 0 && epoch % every === 0)

const evaluateTest = (lab: Lab, epoch: number): TE.TaskEither<Fault, Score | null> => {
  const { engine, materials } = lab
  const { training, test, config } = materials
  if (!isDue(lab, epoch, config.testEvery)) return TE.right(null)
  const batch = Math.min(evaluationBatch(lab), test.count)
  return evaluate(engine, evaluationProgram({ ...training, samples: test, batch }), test, batch)
}

const measure = (lab: Lab, epoch: number): TE.TaskEither<Fault, ReadonlyArray<number> | null> => {
  const { training, config } = lab.materials
  if (!isDue(lab, epoch, config.measureEvery)) return TE.right(null)
  const batch = Math.min(evaluationBatch(lab), training.samples.count)
  return pipe(
    unitNc1(lab.engine, { ...training, batch }),
    TE.map(({ units }) => units),
  )
}

const lineOf = (
  { seconds, imagesPerSecond, ...log }: EpochLog,
  test: Score | null,
  nc1: ReadonlyArray<number> | null,
): EpochLine => ({
  ...log,
  testLoss: test?.loss ?? null,
  testAccuracy: test?.accuracy ?? null,
  nc1: nc1?.map(x => (Number.isFinite(x) ? x : null)) ?? null,
  seconds,
  imagesPerSecond,
})

/** What happens at the end of each epoch. */
const epochEnder = (lab: Lab): ((log: EpochLog) => TE.TaskEither<Fault, void>) => {
  const { engine, materials, dir, lines, session } = lab
  let written = performance.now()
  return log =>
    pipe(
      TE.Do,
      TE.bind('test', () => evaluateTest(lab, log.epoch)),
      TE.bind('nc1', () => measure(lab, log.epoch)),
      TE.map(({ test, nc1 }) => lineOf(log, test, nc1)),
      TE.chainFirst(line => appendLine(join(dir, runFiles.metrics), showEpochLine(line))),
      TE.chain(line => {
        lines.push(line)
        session.progress.log(showEpoch(line, materials.config.epochs))
        if (performance.now() - written < 1000 * CHECKPOINT_SECONDS) return TE.right(undefined)
        written = performance.now()
        return writeCheckpoint(engine, materials, dir)({ epoch: log.epoch, step: 0 })
      }),
    )
}

/** Puts the data and the parameters into the store; gives where to go on. */
const prepare = (
  { engine, materials }: Lab,
  stopped: Stopped | null,
): TE.TaskEither<Fault, Snapshot | null> => {
  const { training, train, test, start } = materials
  return pipe(
    putSamples(engine, train),
    TE.chain(() => putSamples(engine, test)),
    TE.chain(() =>
      stopped === null
        ? pipe(
            putContents(engine, training.network, start()),
            TE.map(() => null),
          )
        : restore(engine, materials, stopped.checkpoint, join(stopped.dir, runFiles.checkpoint)),
    ),
  )
}

const train = (lab: Lab, from: Snapshot | null): TE.TaskEither<Fault, Place> => {
  const { engine, session, materials } = lab
  const { config, training } = materials
  const { epochs, lr, lrMin, momentum, weightDecay, seed } = config
  const steps = stepsOf(training.samples.count, training.batch)
  const interruption = session.interruption()
  const done = from === null ? 0 : from.epoch * steps + from.step
  const tracked = session.progress.start('training', epochs * steps, done)
  let note = ''
  const course = {
    training,
    epochs,
    seed,
    schedule: cosine(lr, lrMin, epochs),
    hyper: { momentum, weightDecay },
    ...(from === null ? {} : { from }),
  }
  const trained = trainEpochs(engine, course, {
    onStep: step => {
      tracked.update(step, note)
      return !interruption.asked()
    },
    onScore: score => {
      note = showScore(score)
    },
    onEpoch: epochEnder(lab),
  })
  return async () => {
    const place = await trained()
    tracked.stop()
    return place
  }
}

/** Names of the fine-tuning units, whose nc1 is measured. */
export const layersOf = ({ materials }: Lab): ReadonlyArray<string> =>
  unitsOf(materials.training.network.model).map(({ block }) => block.name)

/** What the result says of a run besides its epochs. */
export const factsOf = (lab: Lab): RunFacts => {
  const { engine, materials } = lab
  const { config, training, train: samples, test } = materials
  return {
    config,
    device: deviceFacts(engine.info),
    layers: layersOf(lab),
    classes: samples.classes,
    parameters: countParameters(training.network.init),
    trainSamples: samples.count,
    testSamples: test.count,
  }
}

const begin = ({ dir, materials, lines }: Lab): TE.TaskEither<Fault, void> =>
  pipe(
    writeAtomic(join(dir, runFiles.config), showTrainConfig(materials.config)),
    TE.chain(() =>
      writeAtomic(
        join(dir, runFiles.metrics),
        lines.map(line => `${showEpochLine(line)}\n`).join(''),
      ),
    ),
  )

/** Where a run ended; `result` is the text of its result, null where the person stopped it. */
export interface Conducted {
  readonly place: Place
  readonly result: string | null
}

const conclude =
  (lab: Lab) =>
  (place: Place): TE.TaskEither<Fault, Conducted> => {
    if (place.epoch < lab.materials.config.epochs) return TE.right({ place, result: null })
    const result = showResult(factsOf(lab), lab.lines)
    return pipe(
      writeAtomic(join(lab.dir, runFiles.result), result),
      TE.map(() => ({ place, result })),
    )
  }

/** Trains to the end or to where the person stops it; a checkpoint is left either way. */
export const conduct = (lab: Lab, stopped: Stopped | null): TE.TaskEither<Fault, Conducted> => {
  const { engine, materials, dir } = lab
  return pipe(
    prepare(lab, stopped),
    TE.chainFirst(() => begin(lab)),
    TE.chain(from => train(lab, from)),
    TE.chainFirst(writeCheckpoint(engine, materials, dir)),
    TE.chain(conclude(lab)),
  )
}

// All ways of a call of `collapse transfer` on an open engine, one after the other, over shared data and outputs.
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as O from 'fp-ts/Option'
import * as TE from 'fp-ts/TaskEither'
import type { TransferConfig } from '../../src/codec/transfer-config.ts'
import type { TransferRow } from '../../src/codec/transfer-result.ts'
import type { Fault } from '../../src/core/fault.ts'
import type { Engine } from '../../src/device/engine.ts'
import { crossEntropy } from '../../src/losses/losses.ts'
import { modelState } from '../../src/models/model.ts'
import { cosine } from '../../src/optim/schedule.ts'
import { cropsOf } from '../../src/train/crops.ts'
import { putContents } from '../../src/train/network.ts'
import { trainingProgram } from '../../src/train/programs.ts'
import { stepsOf } from '../../src/train/samples.ts'
import { type Recipe, settingOf } from '../../src/transfer/setting.ts'
import { type Target, targetOf } from '../../src/transfer/target.ts'
import { type Outcome, transfer } from '../../src/transfer/transfer.ts'
import type { AnyWay } from '../../src/transfer/ways.ts'
import { batchFor } from '../network/load-network.ts'
import type { Tracked } from '../progress.ts'
import type { Session } from '../run.ts'
import { fits } from '../train/fit.ts'
import { percent, three } from '../train/say.ts'
import type { Job } from './jobs.ts'
import type { Materials } from './materials.ts'
import { rowOf } from './row.ts'
import { jobName, sayRow, sayTarget } from './say.ts'

/** A call under way. `onRow` is told what there is so far after each. */
export interface Lab {
  readonly session: Session
  readonly materials: Materials
  readonly engine: Engine
  readonly jobs: ReadonlyArray<Job>
  readonly onRow: (so: Conducted) => TE.TaskEither<Fault, void>
}

/** A way that failed, and why. */
export interface Failure {
  readonly job: Job
  readonly fault: Fault
}

/** What finished and what failed; `whole` is false where the person stopped it. */
export interface Conducted {
  readonly rows: ReadonlyArray<TransferRow>
  readonly failures: ReadonlyArray<Failure>
  readonly target: Target
  readonly whole: boolean
}

/** Rows and small images in an evaluation's batch. */
const EVALUATION_BATCH = 512

const recipeOf = ({ engine, materials }: Lab): Recipe => {
  const { config, network, train, test } = materials
  const { model } = network
  const { epochs, lr, lrMin, momentum, weightDecay, seed, testEvery, bn, augment, recompute } =
    config
  const most = model.input.length === 1 ? EVALUATION_BATCH : batchFor(engine, model)
  return {
    epochs,
    batch: Math.min(config.batch, train.count),
    testBatch: Math.min(most, Math.max(train.count, test.count)),
    schedule: cosine(lr, lrMin, epochs),
    hyper: { momentum, weightDecay },
    seed,
    loss: crossEntropy,
    evaluateEvery: testEvery,
    batchNorm: bn,
    recompute,
    ...(augment === 'none' ? {} : { augment: cropsOf(train) }),
  }
}

/** Nothing stays the same to be cached where images vary or batch norms adapt. */
const cachesNothing = ({ bn, augment }: TransferConfig, { network }: Materials): boolean =>
  augment !== 'none' || (bn === 'adapt' && modelState(network.init).length > 0)

const prepare = (lab: Lab, recipe: Recipe): TE.TaskEither<Fault, Target> => {
  const { engine, materials, session } = lab
  const { network, start, train, test, config } = materials
  const limit = cachesNothing(config, materials) ? 0 : undefined
  session.progress.log('the frozen network passes over both splits')
  return pipe(
    putContents(engine, network, start()),
    TE.chain(() => targetOf(engine, network, { train, test }, recipe.testBatch, limit)),
    TE.chainFirstIOK(target => () => session.progress.log(sayTarget(target))),
  )
}

/** A job with the operations of one of its steps. */
interface Weighed {
  readonly job: Job
  readonly work: number
}

/** Every way must fit before the first begins; what its steps take is what progress is counted in. */
const weigh = (
  { engine, materials, jobs }: Lab,
  target: Target,
  recipe: Recipe,
): E.Either<Fault, ReadonlyArray<Weighed>> =>
  pipe(
    jobs,
    E.traverseArray(job =>
      pipe(
        settingOf(engine, materials.network, target, recipe, job.way),
        E.chainFirst(({ training }) => fits(training)),
        E.chain(({ training }) => trainingProgram(training)),
        E.map(({ instructions }) => ({
          job,
          work: instructions.reduce((n, { primitive }) => n + primitive.flops, 0),
        })),
      ),
    ),
  )

const runJob = (
  lab: Lab,
  target: Target,
  recipe: Recipe,
  { job, work }: Weighed,
  tracked: Tracked,
  before: number,
): TE.TaskEither<Fault, O.Option<Outcome<AnyWay>>> => {
  const { engine, materials, session } = lab
  const interruption = session.interruption()
  let note = jobName(job)
  return transfer(
    engine,
    materials.network,
    target,
    recipe,
  )(job.way, {
    onStep: step => {
      tracked.update(Math.round(before + step * work), note)
      return !interruption.asked()
    },
    onEpoch: ({ epoch, loss, testAccuracy }) => {
      const test = testAccuracy === null ? '' : `, test ${percent(testAccuracy)}`
      note = `${jobName(job)}, epoch ${epoch}/${recipe.epochs}, loss ${three(loss)}${test}`
    },
  })
}

/** The jobs' work in a unit in which the progress of all their steps moves visibly. */
const inUnit = (weighed: ReadonlyArray<Weighed>, steps: number) => {
  const total = weighed.reduce((sum, { work }) => sum + steps * work, 0)
  const [unit, size] = total >= 1e12 ? (['GFLOP', 1e9] as const) : (['MFLOP', 1e6] as const)
  return { unit, scaled: weighed.map(({ job, work }) => ({ job, work: work / size })) }
}

/** All jobs in order; one that fails is noted, and the others go on. */
const runJobs = (
  lab: Lab,
  target: Target,
  recipe: Recipe,
  weighed: ReadonlyArray<Weighed>,
): TE.TaskEither<Fault, Conducted> => {
  const { session, materials } = lab
  const steps = recipe.epochs * stepsOf(materials.train.count, recipe.batch)
  const { unit, scaled } = inUnit(weighed, steps)
  const total = scaled.reduce((sum, { work }) => sum + steps * work, 0)
  return async () => {
    const tracked = session.progress.start(`transfer, ${unit}`, Math.max(1, Math.round(total)))
    let so: Conducted = { rows: [], failures: [], target, whole: true }
    let before = 0
    try {
      for (const one of scaled) {
        const outcome = await runJob(lab, target, recipe, one, tracked, before)()
        before += steps * one.work
        if (E.isLeft(outcome)) {
          const { left: fault } = outcome
          so = { ...so, failures: [...so.failures, { job: one.job, fault }] }
          session.progress.log(`${jobName(one.job)} failed: ${fault.what}`)
          continue
        }
        if (O.isNone(outcome.right)) return E.right({ ...so, whole: false })
        const row = rowOf(one.job, outcome.right.value)
        so = { ...so, rows: [...so.rows, row] }
        session.progress.log(sayRow(row))
        const told = await lab.onRow(so)()
        if (E.isLeft(told)) return told
      }
      return E.right(so)
    } finally {
      tracked.stop()
    }
  }
}

/** Runs all ways; stopped on the way, it gives the rows that finished. */
export const conduct = (lab: Lab): TE.TaskEither<Fault, Conducted> => {
  const recipe = recipeOf(lab)
  return pipe(
    prepare(lab, recipe),
    TE.bindTo('target'),
    TE.bind('weighed', ({ target }) => TE.fromEither(weigh(lab, target, recipe))),
    TE.chain(({ target, weighed }) => runJobs(lab, target, recipe, weighed)),
  )
}

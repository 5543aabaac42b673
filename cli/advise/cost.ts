// What tuning a unit would cost, from its training program alone: nothing is compiled and nothing runs.
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import { moves } from '../../kernels/moves.ts'
import type { Cost } from '../../src/codec/advice.ts'
import { sizeOf } from '../../src/core/aval.ts'
import type { Fault } from '../../src/core/fault.ts'
import type { Engine } from '../../src/device/engine.ts'
import { crossEntropy } from '../../src/losses/losses.ts'
import { programFlops } from '../../src/models/flops.ts'
import { constant } from '../../src/optim/schedule.ts'
import { makePlan } from '../../src/plan/plan.ts'
import type { Network } from '../../src/train/network.ts'
import { type Training, trainingProgram } from '../../src/train/programs.ts'
import { type Samples, stepsOf } from '../../src/train/samples.ts'
import { type Recipe, type Setting, settingOf } from '../../src/transfer/setting.ts'
import { cacheable, type Split } from '../../src/transfer/target.ts'
import { trainingBytes } from '../../src/transfer/training-bytes.ts'
import { trainedShare, type Way } from '../../src/transfer/ways.ts'
import { withHead } from '../../src/transfer/tuned-model.ts'
import { initModel } from '../../src/models/model.ts'

/** What is to be trained on: `train` and `test` images of `classes`, `batch` at a time. */
export interface Job {
  readonly train: number
  readonly test: number
  readonly classes: number
  readonly batch: number
}

/** Bytes of outputs that `collapse transfer` holds of both splits. */
const CACHE_BYTES = 2 ** 30

/** Images of which only the shape is known. */
const unread = (network: Network, name: string, count: number): Samples => {
  const { input } = network.model
  const features = input.reduce((n, side) => n * side, 1)
  const channels = input.length === 3 ? (input[2] ?? 1) : 1
  const each = (value: number) => Array.from({ length: channels }, () => value)
  return {
    name,
    count,
    contents: {
      _tag: 'Images',
      format: { features, mean: each(0), std: each(1) },
      words: new Uint32Array(0),
    },
    labels: new Uint32Array(0),
  }
}

const recipeOf = ({ batch, train }: Job): Recipe => ({
  epochs: 1,
  batch: Math.min(batch, train),
  testBatch: Math.min(batch, train),
  schedule: constant(0.01),
  hyper: { momentum: 0.9, weightDecay: 1e-4 },
  seed: 0,
  loss: crossEntropy,
  evaluateEvery: 0,
  batchNorm: 'frozen',
})

/** The training that begins at the first block that moves, where the outputs before it will be cached. */
const cachedTraining = (network: Network, job: Job, { training, moved }: Setting): Training => {
  const before = network.model.blocks[moved - 1]
  const aval = network.init.taps[moved - 1]
  const held = cacheable(network, job.train + job.test, CACHE_BYTES)
  if (before === undefined || aval === undefined || !held.has(before.name)) return training
  return {
    ...training,
    from: moved,
    samples: {
      ...training.samples,
      name: `${training.samples.name}/after ${before.name}`,
      contents: { _tag: 'Rows', rows: new Float32Array(0), width: sizeOf(aval) },
    },
  }
}

const shareOf = (network: Network, { classes }: Job, way: Way) =>
  pipe(
    initModel(withHead(classes)(network.model)),
    E.match(
      () => trainedShare(network.model, network.init, way),
      init => trainedShare(withHead(classes)(network.model), init, way),
    ),
  )

/** The cost of a way of transferring, with batch norm of frozen blocks frozen; seconds by the rate of the forward pass. */
export const costOf = (
  engine: Engine,
  network: Network,
  job: Job,
  flopsPerSecond: number,
  way: Way,
): E.Either<Fault, Cost> => {
  const split = (name: string, count: number): Split => ({
    samples: unread(network, name, count),
    taps: new Map(),
  })
  const target = {
    train: split('train', job.train),
    test: split('test', Math.max(1, job.test)),
    nc1: [],
    classes: job.classes,
  }
  return pipe(
    settingOf(engine, network, target, recipeOf(job), way),
    E.map(setting => cachedTraining(network, job, setting)),
    E.bindTo('training'),
    E.bind('program', ({ training }) => trainingProgram(training)),
    E.bind('plan', ({ program }) => makePlan(moves, engine.target)(program)),
    E.map(({ training, program, plan }) => {
      const { trained, percent } = shareOf(network, job, way)
      const stepFlops = programFlops(program)
      return {
        parameters: trained,
        percent,
        bytes: trainingBytes(training, program, plan.bytes).total,
        stepFlops,
        secondsPerEpoch: (stepFlops * stepsOf(job.train, training.batch)) / flopsPerSecond,
        cached: training.from > 0,
      }
    }),
  )
}

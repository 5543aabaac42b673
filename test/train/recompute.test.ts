// Recomputation changes what is held, and no bit of what is learned.
import * as TE from 'fp-ts/TaskEither'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { moves } from '../../kernels/moves.ts'
import type { Data } from '../../src/core/aval.ts'
import { cpuEngine } from '../../src/device/cpu.ts'
import type { Engine } from '../../src/device/engine.ts'
import { crossEntropy } from '../../src/losses/losses.ts'
import { densenet } from '../../src/models/densenet.ts'
import { mlp } from '../../src/models/mlp.ts'
import { mobilenet } from '../../src/models/mobilenet.ts'
import type { Model } from '../../src/models/model.ts'
import { modelNamed } from '../../src/models/registry.ts'
import { vit } from '../../src/models/vit.ts'
import { sgd } from '../../src/optim/optimizer.ts'
import { constant } from '../../src/optim/schedule.ts'
import { makePlan } from '../../src/plan/plan.ts'
import { trainEpochs } from '../../src/train/epochs.ts'
import { getContents, networkOf, putContents, startingContents } from '../../src/train/network.ts'
import { type Training, trainingProgram } from '../../src/train/programs.ts'
import type { Recompute } from '../../src/train/recompute.ts'
import { always } from '../../src/train/run.ts'
import { putSamples, type Samples } from '../../src/train/samples.ts'
import { takeSnapshot } from '../../src/train/snapshot.ts'
import { done, nativeEngine, right, useEngines } from '../support/engines.ts'
import { CLASSES, PIXELS, tinyImages, tinyResnet, tinySamples } from '../support/tiny.ts'

const test = suite('recompute')
const leave = useEngines()
const native = await nativeEngine()

const trainingOf = (model: Model, samples: Samples, recompute: Recompute): Training => ({
  network: right(networkOf(model, model.name)),
  samples,
  batch: 8,
  loss: crossEntropy,
  from: 0,
  trains: () => true,
  optimizer: sgd,
  recompute,
})

const learned = async (engine: Engine, training: Training): Promise<Record<string, Data>> => {
  const { network, samples } = training
  await done(putContents(engine, network, startingContents(network, 3)))
  await done(putSamples(engine, samples))
  const hyper = { momentum: 0.9, weightDecay: 1e-4 }
  const course = { training, epochs: 1, schedule: constant(0.05), hyper, seed: 5 }
  const hooks = { onStep: always, onEpoch: () => TE.right(undefined) }
  await done(trainEpochs(engine, course, hooks))
  const { slots, meter } = await done(takeSnapshot(engine, training)({ epoch: 1, step: 0 }))
  return { ...(await done(getContents(engine, network))), ...slots, meter }
}

const images = tinyImages('images', 21, 1)
const tall = tinySamples('tall', 21, 1, 8 * 8 * 3)
const stages = [[2, 8, 2, 1] as const, [2, 12, 1, 2] as const]
const sizes = { classes: CLASSES, size: 8 }
const tasks: ReadonlyArray<readonly [string, Model, Samples]> = [
  ['resnet', tinyResnet, images],
  ['vit', vit({ ...sizes, name: 'v', patch: 4, width: 16, depth: 3, heads: 2 }), tall],
  ['densenet', densenet({ ...sizes, growth: 4, stages: [2, 2] }), tall],
  ['mobilenet with dropout', mobilenet({ ...sizes, stages, dropout: 0.3 }), tall],
  [
    'mlp',
    mlp({ inputs: PIXELS, depth: 5, width: 9, classes: CLASSES }),
    tinySamples('rows', 21, 1),
  ],
]

for (const [name, model, samples] of tasks) {
  for (const recompute of ['cheap', 'blocks'] as const) {
    test(`${name} learns the same bits with ${recompute}`, async () => {
      for (const engine of [cpuEngine(), ...(native === null ? [] : [native])]) {
        const kept = await learned(engine, trainingOf(model, samples, 'none'))
        const made = await learned(engine, trainingOf(model, samples, recompute))
        assert.equal(made, kept, engine.info.family)
      }
    })
  }
}

interface Planned {
  readonly bytes: number
  readonly flops: number
  readonly calls: (op: string) => number
}

const planned = (model: Model, samples: Samples, recompute: Recompute): Planned => {
  const program = right(trainingProgram(trainingOf(model, samples, recompute)))
  const { bytes, calls } = right(makePlan(moves, cpuEngine().target)(program))
  return {
    bytes: bytes.live,
    flops: calls.reduce((sum, call) => sum + call.flops, 0),
    calls: op => calls.filter(call => call.op === op).length,
  }
}

const wide: Samples = tinySamples('wide', 8, 1, 32 * 32 * 3)
const resnet18 = modelNamed('resnet18-cifar')

test('cheap recomputes no product, holds less, and takes each statistic once', () => {
  if (resnet18 === undefined) return assert.unreachable('no resnet18-cifar')
  const none = planned(resnet18, wide, 'none')
  const cheap = planned(resnet18, wide, 'cheap')
  assert.is(cheap.flops, none.flops)
  assert.is(cheap.calls('batchNorm'), none.calls('batchNorm'))
  assert.ok(cheap.calls('batchNormEval') > 0)
  assert.ok(cheap.bytes < 0.85 * none.bytes, `${cheap.bytes} of ${none.bytes}`)
})

test('blocks runs every block but the last a second time, and holds half', () => {
  if (resnet18 === undefined) return assert.unreachable('no resnet18-cifar')
  const none = planned(resnet18, wide, 'none')
  const blocks = planned(resnet18, wide, 'blocks')
  assert.ok(blocks.flops > 1.2 * none.flops && blocks.flops < (4 / 3) * none.flops)
  assert.ok(blocks.bytes < 0.55 * none.bytes, `${blocks.bytes} of ${none.bytes}`)
})

test('an MLP of blocks of one product each has nothing to make again but its activations', () => {
  const model = mlp({ inputs: PIXELS, depth: 5, width: 64, classes: CLASSES })
  const rows = tinySamples('rows', 64, 1)
  assert.is(planned(model, rows, 'cheap').flops, planned(model, rows, 'none').flops)
})

test.after(leave)
test.run()

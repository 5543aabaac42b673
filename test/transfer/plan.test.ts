// What the plan of a transfer holds: no gradient, kept activation or optimiser state of what is frozen; bytes by kind.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { moves } from '../../kernels/moves.ts'
import { bytesOf } from '../../src/core/aval.ts'
import type { Program } from '../../src/core/trace.ts'
import { cpuEngine } from '../../src/device/cpu.ts'
import { crossEntropy } from '../../src/losses/losses.ts'
import { type Model, unitsOf } from '../../src/models/model.ts'
import { modelNamed } from '../../src/models/registry.ts'
import { constant } from '../../src/optim/schedule.ts'
import { makePlan } from '../../src/plan/plan.ts'
import { networkOf } from '../../src/train/network.ts'
import { trainingProgram } from '../../src/train/programs.ts'
import type { Samples } from '../../src/train/samples.ts'
import { type Recipe, settingOf } from '../../src/transfer/setting.ts'
import { type TrainingBytes, trainingBytes } from '../../src/transfer/training-bytes.ts'
import type { Way } from '../../src/transfer/ways.ts'
import { right } from '../support/engines.ts'
import { CLASSES, tinyImages, tinyResnet, tinySamples } from '../support/tiny.ts'

const engine = cpuEngine()

const recipe = (batch: number, batchNorm: 'adapt' | 'frozen'): Recipe => ({
  epochs: 1,
  batch,
  testBatch: 8,
  schedule: constant(0.1),
  hyper: { momentum: 0.9, weightDecay: 1e-4 },
  seed: 1,
  loss: crossEntropy,
  evaluateEvery: 1,
  batchNorm,
})

interface Planned {
  readonly program: Program
  /** How often the plan calls ops whose names match. */
  readonly calls: (name: RegExp) => number
  readonly args: ReadonlyArray<string>
  readonly bytes: TrainingBytes
}

const planned = (
  model: Model,
  samples: Samples,
  way: Way,
  batch: number,
  bn: 'adapt' | 'frozen',
): Planned => {
  const source = right(networkOf(model, 'source'))
  const split = { samples, taps: new Map() }
  const target = { train: split, test: split, nc1: [], classes: model.classes }
  const { training } = right(settingOf(engine, source, target, recipe(batch, bn), way))
  const program = right(trainingProgram(training))
  const plan = right(makePlan(moves, engine.target)(program))
  return {
    program,
    calls: name => plan.calls.filter(({ op }) => name.test(op)).length,
    args: plan.arguments.map(({ name }) => name),
    bytes: trainingBytes(training, program, plan.bytes),
  }
}

/** Bytes of the maps [B, H, W, C] that are made before the loss and that the backward pass reads. */
const kept = ({ avals, instructions }: Program): ReadonlyArray<number> => {
  const loss = instructions.findIndex(({ primitive }) => primitive.name === 'softmaxCrossEntropy')
  const made = new Set(instructions.slice(0, loss).flatMap(({ outs }) => outs))
  const read = new Set(instructions.slice(loss).flatMap(({ ins }) => ins))
  return [...made].flatMap(id => {
    const aval = avals[id]
    return read.has(id) && aval?.shape.length === 4 ? [bytesOf(aval)] : []
  })
}

const sum = (xs: ReadonlyArray<number>): number => xs.reduce((a, b) => a + b, 0)

const images = tinyImages('plan', 42, 1)
const lastBlock = unitsOf(tinyResnet).at(-1)?.index ?? -1
const layer: Way = { _tag: 'Layer', block: lastBlock }

const test = suite('the plan of a transfer')

for (const bn of ['adapt', 'frozen'] as const) {
  const { calls, args, program } = planned(tinyResnet, images, layer, 16, bn)
  test(`of Layer FT of the last block has its gradients alone, batch norm ${bn}`, () => {
    assert.is(calls(/^conv2dWeightGrad/), 2)
    assert.is(calls(/^conv2dInputGrad/), 1)
    assert.is(calls(/^batchNormGrad/), 2)
    assert.is(calls(/^reluGrad/), 1)
    assert.is(calls(/^conv2d(Norm)?$/), 20)
  })

  test(`and keeps the input of that block and what it computed, no more, batch norm ${bn}`, () => {
    const full = planned(tinyResnet, images, { _tag: 'Full' }, 16, bn)
    assert.is(kept(program).length, 5, `${kept(program)}`)
    assert.ok(kept(full.program).length > 7 * 5, `${kept(full.program).length}`)
    assert.ok(8 * sum(kept(program)) < sum(kept(full.program)))
  })

  test(`and optimiser state of what trains alone, batch norm ${bn}`, () => {
    assert.equal(
      args.filter(name => name.includes('/optimizer/')).sort(),
      [
        'fc.bias',
        'fc.weight',
        ...['bn1', 'bn2'].flatMap(b => [`${b}.bias`, `${b}.weight`]),
        'conv1.weight',
        'conv2.weight',
      ]
        .map(path => `tuned/optimizer/momentum/${path.startsWith('fc') ? '' : 'layer4.1.'}${path}`)
        .sort(),
    )
  })
}

test("of a probe has no gradient but the classifier's", () => {
  const { calls, bytes } = planned(tinyResnet, images, { _tag: 'Probe' }, 16, 'adapt')
  assert.is(calls(/Grad/), 0)
  assert.is(bytes.optimizer, 16 * Math.ceil((4 * (32 * CLASSES)) / 16) + 16)
})

test('says the bytes of every kind, and their sum is all', () => {
  for (const way of [layer, { _tag: 'Full' }, { _tag: 'Probe' }] as const) {
    const { bytes } = planned(tinyResnet, images, way, 16, 'adapt')
    const { total, ...kinds } = bytes
    assert.is(sum(Object.values(kinds)), total)
    assert.ok(Object.values(kinds).every(n => n >= 0))
  }
})

test("of the tuned block of ResNet-50 at batch 32 is a sixth of full fine-tuning's", () => {
  const model = modelNamed('resnet50', { classes: CLASSES })
  if (model === undefined) throw new Error('no resnet50')
  const samples = tinySamples('large', 2, 1, 224 * 224 * 3)
  const block = unitsOf(model)[13]?.index ?? -1
  const of = (way: Way) => planned(model, samples, way, 32, 'adapt').bytes
  const [part, full] = [of({ _tag: 'Layer', block }), of({ _tag: 'Full' })]
  assert.ok(6 * part.total < full.total, `${part.total} ${full.total}`)
  assert.ok(8 * part.activations < full.activations)
  assert.ok(3 * part.optimizer < full.optimizer)
  assert.is(part.weights, full.weights)
})

test.run()

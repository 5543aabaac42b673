// Whole small networks train the same on both engines: relative differences of every array after 20 steps, or after 5
// where batch norm and ReLU make chaos of more (a change of 1e-7 at the start is one of 5e-2 after 20).
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Data } from '../../src/core/aval.ts'
import { cpuEngine } from '../../src/device/cpu.ts'
import type { Engine } from '../../src/device/engine.ts'
import { crossEntropy, type Loss, meanSquaredError } from '../../src/losses/losses.ts'
import { mlp } from '../../src/models/mlp.ts'
import type { Model } from '../../src/models/model.ts'
import { sgd } from '../../src/optim/optimizer.ts'
import { constant } from '../../src/optim/schedule.ts'
import { trainEpochs } from '../../src/train/epochs.ts'
import { getContents, networkOf, putContents, startingContents } from '../../src/train/network.ts'
import type { Training } from '../../src/train/programs.ts'
import { always } from '../../src/train/run.ts'
import { putSamples, type Samples } from '../../src/train/samples.ts'
import { takeSnapshot } from '../../src/train/snapshot.ts'
import * as TE from 'fp-ts/TaskEither'
import { done, engineOf, nativeEngine, right, useEngines } from '../support/engines.ts'
import { CLASSES, PIXELS, SIDE, tinyImages, tinyResnet, tinySamples } from '../support/tiny.ts'

const test = suite('engines')
const leave = useEngines()
const native = await nativeEngine()
const families = native === null ? [] : (['tiled', 'texture', 'subgroup'] as const)

/** A network, its samples, and what else there is to its training. */
interface Task {
  readonly model: Model
  readonly samples: Samples
  readonly more?: Partial<Training>
  readonly lr: number
  readonly epochs: number
}

const plain: Task = {
  model: mlp({ inputs: PIXELS, depth: 4, width: 37, classes: CLASSES }),
  samples: tinySamples('samples', 75, 1),
  lr: 0.1,
  epochs: 4,
}

const convolved: Task = {
  model: tinyResnet,
  samples: tinyImages('images', 75, 1),
  more: { augment: { width: SIDE, reach: 1, margin: [-2, -2, -2], key: 9 } },
  lr: 0.01,
  epochs: 1,
}

const trained = async (
  engine: Engine,
  loss: Loss,
  { model, samples, more, lr, epochs }: Task = plain,
): Promise<Readonly<Record<string, Data>>> => {
  const network = right(networkOf(model, model.name))
  const training: Training = {
    network,
    samples,
    batch: 16,
    loss,
    from: 0,
    trains: () => true,
    optimizer: sgd,
    ...more,
  }
  await done(putContents(engine, network, startingContents(network, 3)))
  await done(putSamples(engine, samples))
  const course = {
    training,
    epochs,
    schedule: constant(lr),
    hyper: { momentum: 0.9, weightDecay: 1e-4 },
    seed: 5,
  }
  const hooks = { onStep: always, onEpoch: () => TE.right(undefined) }
  await done(trainEpochs(engine, course, hooks))
  const contents = await done(getContents(engine, network))
  const { slots, meter } = await done(takeSnapshot(engine, training)({ epoch: epochs, step: 0 }))
  return { ...contents, ...slots, meter }
}

const norm = (xs: Iterable<number>): number => Math.sqrt([...xs].reduce((s, x) => s + x * x, 0))

const agree = async (engine: Engine, loss: Loss, task = plain, tolerance = 1e-4): Promise<void> => {
  const reference = await trained(cpuEngine(), loss, task)
  const found = await trained(engine, loss, task)
  assert.equal(Object.keys(found), Object.keys(reference))
  for (const [name, expected] of Object.entries(reference)) {
    const difference = [...expected].map((e, i) => e - (found[name]?.[i] ?? Number.NaN))
    const relative = norm(difference) / norm(expected)
    assert.ok(relative < tolerance, `${name} on ${engine.info.family}: ${relative}`)
  }
}

for (const family of families) {
  test(`cpu and ${family} kernels agree after 20 steps of cross-entropy`, async () => {
    const engine = await engineOf(family)
    if (engine !== null) await agree(engine, crossEntropy)
  })
}

for (const family of families) {
  test(`cpu and ${family} kernels agree after 5 steps of a ResNet on varied images`, async () => {
    const engine = await engineOf(family)
    if (engine !== null) await agree(engine, crossEntropy, convolved, 1e-3)
  })
}

test('cpu and webgpu agree after 20 steps of mean squared error', async () => {
  if (native !== null) await agree(native, meanSquaredError())
})

test('the same engine gives the same bits again', async () => {
  const engine = cpuEngine()
  assert.equal(await trained(engine, crossEntropy), await trained(cpuEngine(), crossEntropy))
  if (native === null) return
  assert.equal(await trained(native, crossEntropy), await trained(native, crossEntropy))
})

test.after(leave)
test.run()

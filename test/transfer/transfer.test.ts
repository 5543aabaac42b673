// The four ways: what moves, what does not, what is computed at all, and what it costs.
import * as O from 'fp-ts/Option'
import * as TE from 'fp-ts/TaskEither'

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Data } from '../../src/core/aval.ts'
import { cpuEngine } from '../../src/device/cpu.ts'
import type { Engine } from '../../src/device/engine.ts'
import { crossEntropy } from '../../src/losses/losses.ts'
import { mlp } from '../../src/models/mlp.ts'
import { constant } from '../../src/optim/schedule.ts'
import {
  getContents,
  type Network,
  networkOf,
  putContents,
  startingContents,
} from '../../src/train/network.ts'
import { trainEpochs } from '../../src/train/epochs.ts'
import { type Training, trainingProgram } from '../../src/train/programs.ts'
import { always } from '../../src/train/run.ts'
import { putSamples } from '../../src/train/samples.ts'
import { type Recipe, settingOf } from '../../src/transfer/setting.ts'
import { type Target, targetOf } from '../../src/transfer/target.ts'
import { transfer } from '../../src/transfer/transfer.ts'
import { allWays, trainedShare, type Way } from '../../src/transfer/ways.ts'
import { done, nativeEngine, right, useEngines } from '../support/engines.ts'
import { PIXELS, tinySamples } from '../support/tiny.ts'

const test = suite('transfer')
const leave = useEngines()

const recipe: Recipe = {
  epochs: 4,
  batch: 16,
  testBatch: 20,
  schedule: constant(0.1),
  hyper: { momentum: 0.9, weightDecay: 1e-4 },
  seed: 2,
  loss: crossEntropy,
  evaluateEvery: 2,
}

interface Scene {
  readonly engine: Engine
  readonly source: Network
  readonly target: Target
}

const scene = async (engine: Engine): Promise<Scene> => {
  const source = right(
    networkOf(mlp({ inputs: PIXELS, depth: 4, width: 20, classes: 5 }), 'source'),
  )
  await done(putContents(engine, source, startingContents(source, 1)))
  const splits = { train: tinySamples('train', 40, 1), test: tinySamples('test', 30, 2) }
  const target = await done(targetOf(engine, source, splits, 16))
  return { engine, source, target }
}

const run = async ({ engine, source, target }: Scene, way: Way) =>
  done(transfer(engine, source, target, recipe)(way, always))

const opsOf = ({ engine, source, target }: Scene, way: Way): ReadonlyArray<string> => {
  const { training } = right(settingOf(engine, source, target, recipe, way))
  return right(trainingProgram(training)).instructions.map(i => i.primitive.name)
}

const countOf = (ops: ReadonlyArray<string>, name: string) => ops.filter(o => o === name).length

test("a probe's program holds neither the backbone nor a gradient of it", async () => {
  const ops = opsOf(await scene(cpuEngine()), { _tag: 'Probe' })
  assert.is(countOf(ops, 'linear'), 1)
  assert.is(countOf(ops, 'relu'), 0)
  assert.is(countOf(ops, 'reluGrad'), 0)
  assert.is(countOf(ops, 'sgd'), 2)
})

test('tuning a layer computes from that layer on, and no gradient below it', async () => {
  const ops = opsOf(await scene(cpuEngine()), { _tag: 'Layer', block: 1 })
  assert.is(countOf(ops, 'linear'), 3)
  assert.is(countOf(ops, 'reluGrad'), 2)
  assert.is(countOf(ops, 'sgd'), 4)
})

test('the skip of SCL reaches the classifier, and its gradient comes back', async () => {
  const ops = opsOf(await scene(cpuEngine()), { _tag: 'Scl', block: 0 })
  assert.ok(countOf(ops, 'add') >= 2, ops.join(' '))
})

test('frozen parameters are bit-identical after every way', async () => {
  for (const engine of [cpuEngine(), await nativeEngine()]) {
    if (engine === null) continue
    const lab = await scene(engine)
    const before = await done(getContents(engine, lab.source))
    for (const way of allWays(lab.source.model)) {
      assert.ok(O.isSome(await run(lab, way)))
      assert.equal(await done(getContents(engine, lab.source)), before)
    }
  }
})

test('what was held for a transfer is freed', async () => {
  const lab = await scene(cpuEngine())
  await run(lab, { _tag: 'Full' })
  const held = lab.engine.heldBytes()
  for (const way of allWays(lab.source.model)) await run(lab, way)
  assert.is(lab.engine.heldBytes(), held)
})

test('training on cached features moves the parameters as training through the frozen blocks does', async () => {
  const { engine, source, target } = await scene(cpuEngine())
  const { training } = right(settingOf(engine, source, target, recipe, { _tag: 'Layer', block: 2 }))
  const { epochs, schedule, hyper, seed } = recipe
  const moved = async (variant: Training): Promise<unknown> => {
    const start = startingContents(training.network, seed, training.trains)
    await done(putContents(engine, training.network, start))
    await done(putSamples(engine, variant.samples))
    const course = { training: variant, epochs, schedule, hyper, seed }
    await done(trainEpochs(engine, course, { onStep: always, onEpoch: () => TE.right(undefined) }))
    return done(getContents(engine, training.network, training.trains))
  }
  assert.is(training.samples.contents._tag, 'Rows')
  const through: Training = { ...training, from: 0, samples: target.train.samples }
  assert.equal(await moved(training), await moved(through))
})

test('a frozen block keeps the nc1 that was measured of it', async () => {
  const lab = await scene(cpuEngine())
  const outcome = O.toUndefined(await run(lab, { _tag: 'Layer', block: 2 }))
  assert.equal(outcome?.nc1.slice(0, 2), lab.target.nc1.slice(0, 2))
  assert.is.not(outcome?.nc1[2], lab.target.nc1[2])
})

test('SCL of the last layer doubles its features, which leaves nc1 as it is', async () => {
  const lab = await scene(cpuEngine())
  const outcome = O.toUndefined(await run(lab, { _tag: 'Scl', block: 2 }))
  const [penultimate, last] = [outcome?.penultimateNc1 ?? 0, outcome?.nc1[2] ?? 1]
  assert.ok(Math.abs(penultimate / last - 1) < 1e-6, `${penultimate} ${last}`)
})

test('stops when it is told to', async () => {
  const { engine, source, target } = await scene(cpuEngine())
  const stopped = await done(
    transfer(engine, source, target, recipe)({ _tag: 'Full' }, steps => steps < 3),
  )
  assert.ok(O.isNone(stopped))
})

test('the same seed gives the same outcome', async () => {
  const outcomes: Array<ReadonlyArray<Data | number | undefined>> = []
  for (let i = 0; i < 2; i++) {
    const o = O.toUndefined(await run(await scene(cpuEngine()), { _tag: 'Scl', block: 1 }))
    outcomes.push([o?.testAccuracy, o?.trainAccuracy, o?.penultimateNc1])
  }
  assert.equal(outcomes[0], outcomes[1])
})

test('shares of trained parameters are those of block and head', async () => {
  const { source } = await scene(cpuEngine())
  const share = (way: Way) => trainedShare(source.model, source.init, way)
  const head = 21 * 5
  const all = 13 * 20 + 2 * 21 * 20 + head
  assert.equal(share({ _tag: 'Probe' }), { trained: head, percent: (100 * head) / all })
  assert.equal(share({ _tag: 'Scl', block: 1 }), {
    trained: 420 + head,
    percent: (100 * (420 + head)) / all,
  })
  assert.equal(share({ _tag: 'Full' }), { trained: all, percent: 100 })
})

test.after(leave)
test.run()

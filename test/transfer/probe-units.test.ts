// timeout: 240
// Every unit probed: layers and features, the last row as a transfer's probe, metrics, tokens, the frozen network, stopping.
import * as O from 'fp-ts/Option'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { measure } from '../../src/collapse/measure.ts'
import { cpuEngine } from '../../src/device/cpu.ts'
import type { Engine } from '../../src/device/engine.ts'
import { crossEntropy } from '../../src/losses/losses.ts'
import { type Model, unitsOf } from '../../src/models/model.ts'
import { vit } from '../../src/models/vit.ts'
import { cosine } from '../../src/optim/schedule.ts'
import {
  getContents,
  type Network,
  networkOf,
  putContents,
  startingContents,
} from '../../src/train/network.ts'
import { always } from '../../src/train/run.ts'
import { dropSamples } from '../../src/train/samples.ts'
import { readLayers } from '../../src/transfer/probe-features.ts'
import { type ProbeHooks, type ProbeRecipe, probeUnits } from '../../src/transfer/probe-units.ts'
import type { Recipe } from '../../src/transfer/setting.ts'
import { targetOf } from '../../src/transfer/target.ts'
import { transfer } from '../../src/transfer/transfer.ts'
import { left, near } from '../support/either.ts'
import { done, nativeEngine, right, useEngines } from '../support/engines.ts'
import { CLASSES, SIDE, tinyImages, tinyResnet } from '../support/tiny.ts'

const test = suite('layer-wise transfer')
const leave = useEngines()
test.after(leave)

const [TRAIN, TEST] = [30, 18]
const splits = () => ({ train: tinyImages('train', TRAIN, 1), test: tinyImages('test', TEST, 2) })

const shared: Recipe = {
  epochs: 3,
  batch: 8,
  testBatch: 16,
  schedule: cosine(0.1, 0, 3),
  hyper: { momentum: 0.9, weightDecay: 1e-4 },
  seed: 5,
  loss: crossEntropy,
  evaluateEvery: 1,
}
const recipe: ProbeRecipe = { ...shared, imageBatch: 7 }

const tinyVit: Model = vit({
  ...{ name: 'vit', size: SIDE, patch: 2, classes: CLASSES },
  ...{ width: 8, depth: 2, heads: 2 },
})

const networkOn = async (engine: Engine, model: Model): Promise<Network> => {
  const network = right(networkOf(model, 'source'))
  await done(putContents(engine, network, startingContents(network, 1)))
  return network
}

const probe = async (engine: Engine, network: Network, hooks: ProbeHooks = { onStep: always }) =>
  done(probeUnits(engine, network, splits(), recipe, hooks))

const whole = <A>(found: O.Option<A>): A => {
  if (O.isNone(found)) throw new Error('it was stopped')
  return found.value
}

test('gives every unit and the classifier input, with all metrics of its rows', async () => {
  const engine = cpuEngine()
  const network = await networkOn(engine, tinyResnet)
  const { layers, whole: ended } = whole(await probe(engine, network))
  assert.ok(ended)
  assert.equal(
    layers.map(({ layer, unit }) => [layer, unit]),
    [
      ...unitsOf(tinyResnet).map(({ block, number }) => [block.name, number]),
      ['penultimate', null],
    ],
  )
  const tables = whole(
    await done(readLayers(engine, network, splits(), recipe.imageBatch, 'mean', always)),
  )
  layers.forEach(({ metrics, head, width, parameters, epochs, ...row }, i) => {
    const data = tables[i]?.train ?? new Float32Array(0)
    assert.is(data.length, TRAIN * width)
    const classifier = { weight: head['fc.weight'] ?? [], bias: head['fc.bias'] ?? [] }
    const { labels } = splits().train
    assert.equal(metrics, right(measure({ data, n: TRAIN, d: width }, labels, { classifier })))
    assert.is(parameters, CLASSES * (width + 1))
    assert.is(epochs.length, recipe.epochs)
    assert.is(row.testAccuracy, epochs.at(-1)?.testAccuracy)
    assert.is(row.bestAccuracy, Math.max(...epochs.map(epoch => epoch.testAccuracy ?? 0)))
    assert.is(row.lost, null)
  })
})

test('trains on the classifier input what a transfer trains as its linear probe', async () => {
  const native = await nativeEngine()
  for (const engine of [cpuEngine(), ...(native === null ? [] : [native])]) {
    for (const model of [tinyResnet, tinyVit]) {
      const network = await networkOn(engine, model)
      const probed = whole(await probe(engine, network)).layers.at(-1)
      const { train, test: tested } = splits()
      // The same rows for both: the batch of the forward pass may change their last bits.
      const target = await done(
        targetOf(engine, network, { train, test: tested }, recipe.imageBatch),
      )
      const tuned = whole(
        await done(transfer(engine, network, target, shared)({ _tag: 'Probe' }, always)),
      )
      const bare = (epochs: typeof tuned.epochs) =>
        epochs.map(({ loss, trainAccuracy, testAccuracy }) => [loss, trainAccuracy, testAccuracy])
      const [own, theirs] = [bare(probed?.epochs ?? []).flat(), bare(tuned.epochs).flat()]
      const tolerance = engine === native ? 2e-6 : 0
      assert.is(own.length, theirs.length)
      for (const [i, x] of own.entries()) near(x ?? -1, theirs[i] ?? 0, tolerance, model.name)
      assert.is(probed?.testAccuracy, tuned.testAccuracy)
      dropSamples(engine, train)
      dropSamples(engine, tested)
    }
  }
})

test('leaves the network as it is, and nothing else on the engine', async () => {
  const engine = cpuEngine()
  const network = await networkOn(engine, tinyResnet)
  const before = await done(getContents(engine, network))
  await probe(engine, network)
  assert.equal(await done(getContents(engine, network)), before)
  const held = engine.heldBytes()
  await probe(engine, network)
  assert.is(engine.heldBytes(), held)
})

test('takes the mean of all tokens, or the class token', async () => {
  const engine = cpuEngine()
  const network = await networkOn(engine, tinyVit)
  const read = async (tokens: 'mean' | 'class') =>
    whole(await done(readLayers(engine, network, splits(), 6, tokens, always)))
  const [mean, own] = [await read('mean'), await read('class')]
  assert.not.equal(mean[0]?.train, own[0]?.train)
  // The last unit ends in the final norm: its class token is what the classifier sees.
  assert.equal(own[1]?.train, own[2]?.train)
  assert.equal(mean[2]?.train, own[2]?.train)
  const resnet = await networkOn(cpuEngine(), tinyResnet)
  const refused = await readLayers(cpuEngine(), resnet, splits(), 6, 'class', always)()
  assert.match(left(refused).what, /no class token/)
})

test('reads every image once, and stops where it is told', async () => {
  const engine = cpuEngine()
  const network = await networkOn(engine, tinyResnet)
  const seen: Array<number> = []
  const onRows = (most: number) => (count: number) => {
    seen.push(count)
    return count < most
  }
  await probe(engine, network, { onStep: always, onRows: onRows(1e9) })
  assert.equal(seen, [7, 14, 21, 28, 30, 37, 44, 48])
  assert.ok(O.isNone(await probe(engine, network, { onStep: always, onRows: onRows(20) })))
  assert.ok(O.isNone(await probe(engine, network, { onStep: always, onRows: onRows(40) })))
  assert.ok(O.isNone(await probe(engine, network, { onStep: always, onTable: () => false })))
  assert.ok(O.isNone(await probe(engine, network, { onStep: () => false })))
  const part = whole(await probe(engine, network, { onStep: step => step < 7 }))
  assert.is(part.whole, false)
  for (const { epochs, metrics } of part.layers) {
    assert.equal([epochs.length, metrics.selfDuality], [1, null])
    assert.ok((metrics.nc1 ?? 0) > 0)
  }
})

test.run()

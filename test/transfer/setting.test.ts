// Settings over networks of maps and tokens: what is cached, what runs, what adapts, and that all of it comes to the same.
import { suite } from 'uvu'
import * as O from 'fp-ts/Option'
import * as TE from 'fp-ts/TaskEither'
import * as assert from 'uvu/assert'
import { cpuEngine } from '../../src/device/cpu.ts'
import type { Engine } from '../../src/device/engine.ts'
import { crossEntropy } from '../../src/losses/losses.ts'
import { type Model, modelParameters, modelState } from '../../src/models/model.ts'
import { vit } from '../../src/models/vit.ts'
import { constant } from '../../src/optim/schedule.ts'
import { trainEpochs } from '../../src/train/epochs.ts'
import {
  type Contents,
  getContents,
  type Network,
  networkOf,
  putContents,
  startingContents,
} from '../../src/train/network.ts'
import { always } from '../../src/train/run.ts'
import { putSamples } from '../../src/train/samples.ts'
import { type Recipe, type Setting, settingOf, startOf } from '../../src/transfer/setting.ts'
import { type Target, targetOf } from '../../src/transfer/target.ts'
import { transfer } from '../../src/transfer/transfer.ts'
import { allWays, type Way } from '../../src/transfer/ways.ts'
import { done, nativeEngine, right, useEngines } from '../support/engines.ts'
import type { CropFlip } from '../../kernels/crop-flip.ts'
import { CLASSES, SIDE, tinyImages, tinyResnet } from '../support/tiny.ts'

const test = suite('transfer of networks of maps')
const leave = useEngines()
test.after(leave)

const recipe: Recipe = {
  epochs: 2,
  batch: 16,
  testBatch: 20,
  schedule: constant(0.05),
  hyper: { momentum: 0.9, weightDecay: 1e-4 },
  seed: 2,
  loss: crossEntropy,
  evaluateEvery: 2,
}
const adapting: Recipe = { ...recipe, batchNorm: 'adapt' }

const tinyVit = vit({
  name: 'tiny-vit',
  size: SIDE,
  classes: CLASSES,
  patch: 2,
  width: 16,
  depth: 2,
  heads: 2,
  hidden: 24,
})

const train = tinyImages('maps/train', 42, 1)
const splits = { train, test: tinyImages('maps/test', 30, 2) }

interface Scene {
  readonly engine: Engine
  readonly source: Network
  readonly target: Target
}

/** A source whose running moments are not those of the start, and the target with outputs of up to `limit` bytes. */
const scene = async (engine: Engine, model: Model, limit?: number): Promise<Scene> => {
  const source = right(networkOf(model, 'source'))
  const moments = Object.fromEntries(
    modelState(source.init).map(([path, { aval }]) => [
      path,
      Float32Array.from({ length: aval.shape[0] ?? 1 }, (_, i) =>
        path.endsWith('var') ? 0.5 + 0.1 * i : 0.05 * i,
      ),
    ]),
  )
  await done(putContents(engine, source, { ...startingContents(source, 1), ...moments }))
  return { engine, source, target: await done(targetOf(engine, source, splits, 16, limit)) }
}

const set = ({ engine, source, target }: Scene, way: Way, how = recipe): Setting =>
  right(settingOf(engine, source, target, how, way))

/** The arrays of its own after training in a setting. */
const moved = async (setting: Setting, { engine, source }: Scene): Promise<Contents> => {
  const { training } = setting
  const { epochs, schedule, hyper, seed } = setting.recipe
  await done(putContents(engine, training.network, await done(startOf(setting, source))))
  await done(putSamples(engine, training.samples))
  const course = { training, epochs, schedule, hyper, seed }
  await done(trainEpochs(engine, course, { onStep: always, onEpoch: () => TE.right(undefined) }))
  return done(getContents(engine, training.network, setting.owns))
}

const layer = (block: number): Way => ({ _tag: 'Layer', block })
const scl = (block: number): Way => ({ _tag: 'Scl', block })
const probe: Way = { _tag: 'Probe' }

const same: ReadonlyArray<readonly [string, Model, Way]> = [
  ['Layer FT of a ResNet', tinyResnet, layer(6)],
  ['SCL FT of a ResNet', tinyResnet, scl(5)],
  ['a probe of a ResNet', tinyResnet, probe],
  ['a probe of a vision transformer', tinyVit, probe],
  ['SCL FT of a vision transformer', tinyVit, scl(2)],
]
for (const [name, model, way] of same) {
  test(`${name} comes to the same from cached outputs as through the frozen blocks`, async () => {
    const cached = await scene(cpuEngine(), model)
    const through = await scene(cpuEngine(), model, 0)
    const [short, long] = [set(cached, way), set(through, way)]
    assert.is(short.training.samples.contents._tag, 'Rows')
    assert.ok(short.training.from > 0)
    assert.equal([long.training.from, long.training.samples], [0, splits.train])
    const wanted = await moved(long, through)
    assert.ok(Object.keys(wanted).length > 1)
    assert.equal(await moved(short, cached), wanted)
    const outcome = async ({ engine, source, target }: Scene) => {
      const run = transfer(engine, source, target, recipe)(way, always)
      const ended = O.toUndefined(await done(run))
      return [ended?.testAccuracy, ended?.trainAccuracy, ended?.penultimateNc1, ended?.nc1]
    }
    assert.equal(await outcome(cached), await outcome(through))
  })
}

test('begins after the last cached block where the one before it was too large', async () => {
  // The last five of nine blocks' outputs: 4 bytes of 1 place x 32, 32, 16, 16 channels x 2 x 2 places and 8 x 4.
  const samples = splits.train.count + splits.test.count
  const lab = await scene(cpuEngine(), tinyResnet, 4 * samples * (32 + 32 + 16 + 16 + 32))
  assert.equal([...lab.target.train.taps.keys()].sort(), [
    'layer2.1',
    'layer3.0',
    'layer3.1',
    'layer4.0',
    'layer4.1',
  ])
  assert.equal(
    [4, 5, 8].map(block => set(lab, layer(block)).training.from),
    [0, 5, 8],
  )
})

const crops: CropFlip = { width: SIDE, reach: 1, margin: [-2, -2, -2], key: 9 }

test('images that vary are trained on themselves, not on cached outputs, and tested as they are', async () => {
  const lab = await scene(cpuEngine(), tinyResnet)
  const setting = set(lab, layer(6), { ...recipe, augment: crops })
  const { training, test: tested } = setting
  assert.equal([training.from, training.samples, tested], [0, splits.train, splits.test])
  const plain = await moved(set(lab, layer(6)), lab)
  const varied = await moved(setting, lab)
  assert.equal(Object.keys(varied), Object.keys(plain))
  assert.not.equal(varied, plain)
})

test('what the backward pass computes again changes no bit of what is tuned', async () => {
  const lab = await scene(cpuEngine(), tinyResnet)
  for (const way of [layer(3), scl(5), { _tag: 'Full' } as const]) {
    const kept = await moved(set(lab, way), lab)
    const made = await moved(set(lab, way, { ...recipe, recompute: 'blocks' }), lab)
    assert.equal(made, kept)
  }
})

test('frozen arrays and the source’s moments stay as they are in every way, and nothing is left', async () => {
  for (const engine of [cpuEngine(), await nativeEngine()]) {
    if (engine === null) continue
    const lab = await scene(engine, tinyResnet)
    const { source, target } = lab
    const before = await done(getContents(engine, source))
    await done(transfer(engine, source, target, recipe)({ _tag: 'Full' }, always))
    const held = engine.heldBytes()
    const ways = engine.info.engine === 'cpu' ? [probe, scl(3)] : allWays(source.model)
    for (const how of [recipe, adapting]) {
      for (const way of ways) {
        const outcome = await done(transfer(engine, source, target, how)(way, always))
        assert.is(O.toNullable(outcome)?.nc1.length, 8)
        assert.equal(await done(getContents(engine, source)), before)
        assert.is(engine.heldBytes(), held)
      }
    }
  }
})

test('batch norm that adapts moves all running moments and no frozen scale or shift', async () => {
  const lab = await scene(cpuEngine(), tinyResnet)
  const setting = set(lab, layer(6), adapting)
  assert.equal([setting.training.from, setting.training.samples], [0, splits.train])
  const after = await moved(setting, lab)
  const before = await done(getContents(lab.engine, lab.source))
  const states = modelState(lab.source.init).map(([path]) => path)
  for (const path of states) assert.is.not(`${after[path]}`, `${before[path]}`, path)
  const others = Object.keys(after).filter(path => !states.includes(path))
  assert.ok(
    others.every(path => /^(fc|layer3\.1)\./.test(path)),
    others.join(' '),
  )
})

test('batch norm of frozen blocks is frozen where the recipe does not say, the tuned block’s own is not', async () => {
  const lab = await scene(cpuEngine(), tinyResnet)
  const after = await moved(set(lab, layer(6)), lab)
  const before = await done(getContents(lab.engine, lab.source))
  assert.equal(
    Object.keys(after).filter(path => path.includes('running')),
    ['bn1', 'bn2'].flatMap(bn => ['mean', 'var'].map(moment => `layer3.1.${bn}.running_${moment}`)),
  )
  for (const path of Object.keys(after).filter(p => p.includes('running'))) {
    assert.is.not(`${after[path]}`, `${before[path]}`)
  }
})

test('a network without running moments is cached whatever the recipe says', async () => {
  const lab = await scene(cpuEngine(), tinyVit)
  assert.equal(
    [recipe, adapting].map(how => set(lab, layer(2), how).training.from),
    [2, 2],
  )
  assert.ok(modelParameters(lab.source.init).length > 0)
})

test.run()

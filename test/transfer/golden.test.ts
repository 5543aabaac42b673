// timeout: 300
// One epoch of each way from real weights, batch by batch, against PyTorch; test/golden/transfer.py made its side.
// Skipped where ../shared/data is not there, or no adapter.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import * as TE from 'fp-ts/TaskEither'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { fitWeights } from '../../cli/network/load-network.ts'
import { toTorchvision } from '../../src/codec/key-map.ts'
import { parseDataSpec } from '../../src/codec/data-spec.ts'
import { imagenetStandard } from '../../src/data/preprocess.ts'
import { readWeights } from '../../src/data/read-weights.ts'
import type { Engine } from '../../src/device/engine.ts'
import { crossEntropy } from '../../src/losses/losses.ts'
import { unitsOf } from '../../src/models/model.ts'
import { resnet } from '../../src/models/resnet.ts'
import { constant } from '../../src/optim/schedule.ts'
import { trainEpochs } from '../../src/train/epochs.ts'
import { loadSamples } from '../../src/train/load-samples.ts'
import { type Network, networkOf, putContents } from '../../src/train/network.ts'
import { always } from '../../src/train/run.ts'
import { dropSamples, epochOrder, putSamples, type Samples } from '../../src/train/samples.ts'
import { type Recipe, settingOf, startOf } from '../../src/transfer/setting.ts'
import { type Target, targetOf } from '../../src/transfer/target.ts'
import type { Way } from '../../src/transfer/ways.ts'
import golden from '../golden/transfer.json'
import { done, nativeEngine, right, useEngines } from '../support/engines.ts'

const root = join(import.meta.dir, '../../../shared/data')
const file = join(root, 'weights/resnet18-pqf-in1k.safetensors.gz')
const test = suite('transfer as PyTorch does it')
const leave = useEngines()
test.after(leave)

const SEED = 3
const { images, batch, lr, momentum, weightDecay, classes, curves } = golden

const recipe = (bn: string): Recipe => ({
  epochs: 1,
  batch,
  testBatch: batch,
  schedule: constant(lr),
  hyper: { momentum, weightDecay },
  seed: SEED,
  loss: crossEntropy,
  evaluateEvery: 0,
  batchNorm: bn === 'adapt' ? 'adapt' : 'frozen',
})

/** The first images, laid so that the order of the epoch is that of the file. */
const inOrder = (all: Samples): Samples => {
  if (all.contents._tag !== 'Images') throw new Error('no images')
  const { words, format } = all.contents
  const width = words.length / all.count
  const order = epochOrder(images, SEED, 0)
  const placed = new Uint32Array(images * width)
  const labels = new Uint32Array(images)
  order.forEach((row, i) => {
    placed.set(words.subarray(i * width, (i + 1) * width), row * width)
    labels[row] = all.labels[i] ?? 0
  })
  const { mean, std } = imagenetStandard
  return {
    name: 'golden',
    count: images,
    labels,
    contents: { _tag: 'Images', format: { ...format, mean, std }, words: placed },
  }
}

interface Scene {
  readonly engine: Engine
  readonly source: Network
  readonly target: Target
}

const scene = async (engine: Engine): Promise<Scene> => {
  const model = resnet({ depth: 'resnet18', stem: 'imagenet', size: 32, classes })
  const source = right(networkOf(model, 'source'))
  const { weights } = toTorchvision(await done(readWeights(file)))
  const choice = { head: 'drop', weights: file, seed: SEED } as const
  const { contents } = right(fitWeights(source, weights, choice))
  const samples = await done(loadSamples(right(parseDataSpec('cifar10')), 'train', 'all', root))
  const train = inOrder(samples)
  await done(putContents(engine, source, contents))
  const splits = { train, test: { ...train, name: 'golden/test' } }
  return { engine, source, target: await done(targetOf(engine, source, splits, batch)) }
}

/** The classifier that both sides begin with. */
const head = {
  'fc.weight': Float32Array.from({ length: classes * 512 }, (_, i) => 0.04 * Math.sin(1 + i)),
  'fc.bias': new Float32Array(classes),
}

const wayOf = (method: string, unit: number, { source }: Scene): Way => {
  const block = unitsOf(source.model)[unit - 1]?.index ?? -1
  if (method === 'layer') return { _tag: 'Layer', block }
  if (method === 'scl') return { _tag: 'Scl', block }
  return method === 'full' ? { _tag: 'Full' } : { _tag: 'Probe' }
}

/** Loss of every batch of one epoch. */
const lossesOf = async (lab: Scene, way: Way, bn: string): Promise<ReadonlyArray<number>> => {
  const { engine, source, target } = lab
  const setting = right(settingOf(engine, source, target, recipe(bn), way))
  const { training } = setting
  const start = { ...(await done(startOf(setting, source))), ...head }
  await done(putContents(engine, training.network, start))
  await done(putSamples(engine, training.samples))
  const means: Array<number> = []
  const { epochs, schedule, hyper, seed } = setting.recipe
  await done(
    trainEpochs(
      engine,
      { training, epochs, schedule, hyper, seed, readEvery: 1 },
      {
        onStep: always,
        onScore: ({ loss }) => {
          means.push(loss)
        },
        onEpoch: () => TE.right(undefined),
      },
    ),
  )
  if (training.samples !== target.train.samples) dropSamples(engine, training.samples)
  return means.map((mean, i) => (i + 1) * mean - i * (means[i - 1] ?? 0))
}

const engine = existsSync(file) ? await nativeEngine() : null
if (engine === null) {
  console.log('skipped: no ../shared/data, or no adapter')
  test.skip('loses as much in every batch', () => undefined)
} else {
  const lab = await scene(engine)
  for (const { method, unit, bn, losses } of curves) {
    test(`${method} ${unit || ''} with batch norm ${bn}: the loss of every batch`, async () => {
      const ours = await lossesOf(lab, wayOf(method, unit, lab), bn)
      assert.is(ours.length, losses.length)
      const off = losses.map((loss, i) => Math.abs((ours[i] ?? 0) / loss - 1))
      const most = Math.max(...off)
      console.log(`${method} ${unit} ${bn}: at most ${most.toExponential(1)} off`)
      assert.ok(most < 1e-3, `${ours.join(' ')}\n${losses.join(' ')}`)
    })
  }
}
test.run()

// timeout: 300
// Heads trained at once: as each alone to the bit, as a plain SGD by hand, freed at the end, and undisturbed by a lost one.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { uniforms } from '../../src/core/random.ts'
import { cpuEngine } from '../../src/device/cpu.ts'
import type { Engine } from '../../src/device/engine.ts'
import { crossEntropy } from '../../src/losses/losses.ts'
import { cosine } from '../../src/optim/schedule.ts'
import { networkOf, startingContents } from '../../src/train/network.ts'
import { always } from '../../src/train/run.ts'
import { epochOrder } from '../../src/train/samples.ts'
import { type HeadRecipe, type TrainedHeads, trainHeads } from '../../src/transfer/probe-epochs.ts'
import type { HeadTask, Table } from '../../src/transfer/probe-heads.ts'
import { near } from '../support/either.ts'
import { done, engineOf, nativeEngine, right, useEngines } from '../support/engines.ts'
import { halvesEngine } from '../support/halves.ts'
import { plainSgd } from '../support/plain-sgd.ts'

const test = suite('heads trained side by side')
const leave = useEngines()
test.after(leave)

const CLASSES = 3
const labels = (n: number): Uint32Array => Uint32Array.from({ length: n }, (_, i) => i % CLASSES)
const [TRAIN, TEST] = [50, 30]

/** Rows around a centre for each class. */
const table = (name: string, width: number, scale = 1): Table => {
  const [noise, centre] = [uniforms(3, name), uniforms(4, name)]
  const centres = Array.from({ length: CLASSES * width }, centre)
  const rows = (n: number) =>
    Float32Array.from(
      { length: n * width },
      (_, i) =>
        scale * ((centres[(Math.floor(i / width) % CLASSES) * width + (i % width)] ?? 0) + noise()),
    )
  return { name, width, train: rows(TRAIN), test: rows(TEST) }
}

const tables = [table('a', 5), table('b', 16), table('c', 16), table('d', 33)]
const taskOf = (list: ReadonlyArray<Table>): HeadTask => ({
  tables: list,
  labels: { train: labels(TRAIN), test: labels(TEST) },
})

const recipe: HeadRecipe = {
  epochs: 4,
  batch: 16,
  testBatch: 12,
  schedule: cosine(0.2, 0.01, 4),
  hyper: { momentum: 0.9, weightDecay: 1e-3 },
  seed: 7,
  loss: crossEntropy,
  evaluateEvery: 1,
}

const train = (
  engine: Engine,
  list: ReadonlyArray<Table>,
  onStep = always,
): Promise<TrainedHeads> => done(trainHeads(engine, taskOf(list), recipe, { onStep }))

const scoresOf = ({ epochs }: TrainedHeads, i: number) =>
  epochs.map(epoch => [epoch.train[i], epoch.test?.[i]])

const engines = async (): Promise<ReadonlyArray<Engine>> => {
  const native = await nativeEngine()
  return [cpuEngine(), ...(native === null ? [] : [native])]
}

test('get to the bit what each gets alone', async () => {
  for (const engine of await engines()) {
    const all = await train(engine, tables)
    assert.is(all.epochs.length, recipe.epochs)
    for (const [i, one] of tables.entries()) {
      const alone = await train(engine, [one])
      assert.equal(alone.heads[0], all.heads[i])
      assert.equal(scoresOf(alone, 0), scoresOf(all, i))
    }
    assert.not.equal(all.heads[1], all.heads[2])
  }
})

test('train as softmax regression by hand does', async () => {
  const lrs = Array.from({ length: recipe.epochs }, (_, e) => recipe.schedule(e))
  const orders = lrs.map((_, e) => epochOrder(TRAIN, recipe.seed, e))
  for (const engine of await engines()) {
    const { epochs, heads } = await train(engine, tables)
    for (const [i, { name, width, train: rows, test: tested }] of tables.entries()) {
      const model = { name, input: [width], classes: CLASSES, blocks: [] }
      const start = startingContents(right(networkOf(model, name)), recipe.seed)
      const head = {
        weight: Float64Array.from(start['head.weight'] ?? []),
        bias: Float64Array.from(start['head.bias'] ?? []),
      }
      const expected = plainSgd(
        head,
        { rows, width, labels: labels(TRAIN) },
        { rows: tested, width, labels: labels(TEST) },
        orders,
        lrs,
        { batch: recipe.batch, ...recipe.hyper },
      )
      epochs.forEach((epoch, e) => {
        near(epoch.train[i]?.loss ?? -1, expected[e]?.loss ?? 0, 1e-5, `${name}, epoch ${e}`)
        near(epoch.train[i]?.accuracy ?? -1, expected[e]?.trainAccuracy ?? 0, 1e-6, name)
        near(epoch.test?.[i]?.accuracy ?? -1, expected[e]?.testAccuracy ?? 0, 1e-6, name)
      })
      const { 'head.weight': weight, 'head.bias': bias } = heads[i] ?? {}
      for (const [j, w] of head.weight.entries()) near(weight?.[j] ?? -1, w, 1e-5, name)
      for (const [j, b] of head.bias.entries()) near(bias?.[j] ?? -1, b, 1e-5, name)
    }
  }
})

test('with f16 products keep a loss scale each: one that overflows leaves the others as they are', async () => {
  const tiled = await engineOf('tiled')
  if (tiled?.info.features.includes('shader-f16') !== true) return
  const engine = halvesEngine(tiled)
  const large = table('large', 64, 3e4)
  const all = await train(engine, [large, ...tables])
  for (const [i, one] of tables.entries()) {
    const alone = await train(engine, [one])
    assert.equal(alone.heads[0], all.heads[i + 1])
  }
  const exact = await train(tiled, tables)
  exact.epochs.at(-1)?.train.forEach(({ loss }, i) => {
    near(all.epochs.at(-1)?.train[i + 1]?.loss ?? -1, loss, 5e-3, tables[i]?.name)
  })
})

test('leave nothing on the engine', async () => {
  const engine = cpuEngine()
  await train(engine, tables)
  const held = engine.heldBytes()
  await train(engine, tables)
  await train(engine, tables.slice(1, 2))
  assert.is(engine.heldBytes(), held)
})

test('go on where the loss of one is no longer finite', async () => {
  const huge = { ...table('huge', 5, 1e30) }
  const engine = cpuEngine()
  const all = await train(engine, [huge, ...tables])
  assert.is(all.epochs.length, recipe.epochs)
  assert.not.ok(Number.isFinite(all.epochs.at(-1)?.train[0]?.loss))
  const without = await train(engine, tables)
  assert.equal(all.heads.slice(1), without.heads)
  const lost = await train(engine, [huge])
  assert.is(lost.epochs.length, 1)
})

test('stop where they are told, with the epochs that ended', async () => {
  const steps = Math.ceil(TRAIN / recipe.batch)
  const stopped = await train(cpuEngine(), tables, done => done < 2 * steps + 1)
  assert.equal([stopped.epochs.length, stopped.whole], [2, false])
  const whole = await train(cpuEngine(), tables)
  assert.equal(
    stopped.epochs.map(({ train: scores }) => scores),
    whole.epochs.slice(0, 2).map(({ train: scores }) => scores),
  )
})

test.run()

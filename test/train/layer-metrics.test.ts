// nc1 of blocks: the same as of the features by hand, on both engines, however many passes it takes.
import * as fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { nc1 } from '../../src/collapse/nc1.ts'
import { cpuEngine } from '../../src/device/cpu.ts'
import type { Engine } from '../../src/device/engine.ts'
import { crossEntropy } from '../../src/losses/losses.ts'
import { mlp } from '../../src/models/mlp.ts'
import { groupTaps, layerNc1, nc1Of } from '../../src/train/layer-metrics.ts'
import { type Contents, networkOf, putContents, startingContents } from '../../src/train/network.ts'
import { putSamples } from '../../src/train/samples.ts'
import { done, nativeEngine, right, useEngines } from '../support/engines.ts'
import { CLASSES, PIXELS, tinySamples } from '../support/tiny.ts'

const test = suite('metrics of layers')
const leave = useEngines()
test.after(leave)
const native = await nativeEngine()

const WIDTH = 7
const network = right(
  networkOf(mlp({ inputs: PIXELS, depth: 4, width: WIDTH, classes: CLASSES }), 'metrics'),
)
const samples = tinySamples('metrics/samples', 50, 1)
const contents = startingContents(network, 3)

/** Features after each ReLU, in float64 on the host. */
const byHand = (): ReadonlyArray<Float64Array> => {
  if (samples.contents._tag !== 'Images') return []
  const bytes = new Uint8Array(samples.contents.words.buffer)
  let rows = Float64Array.from(bytes, b => (b / 255 - 0.5) / 0.25)
  let width = PIXELS
  return [0, 1, 2].map(i => {
    const w = contents[`layers.${i}.linear.weight`] ?? []
    const b = contents[`layers.${i}.linear.bias`] ?? []
    const next = new Float64Array(samples.count * WIDTH)
    for (let r = 0; r < samples.count; r++) {
      for (let o = 0; o < WIDTH; o++) {
        let sum = b[o] ?? 0
        for (let k = 0; k < width; k++) sum += (rows[r * width + k] ?? 0) * (w[o * width + k] ?? 0)
        next[r * WIDTH + o] = Math.max(0, sum)
      }
    }
    rows = next
    width = WIDTH
    return next
  })
}

const measured = async (engine: Engine, from: Contents): Promise<ReadonlyArray<number>> => {
  await done(putContents(engine, network, from))
  await done(putSamples(engine, samples))
  const pass = { network, samples, batch: 16, loss: crossEntropy, from: 0 }
  return done(layerNc1(engine, pass))
}

const agrees = async (engine: Engine): Promise<void> => {
  const got = await measured(engine, contents)
  const expected = byHand().map(data =>
    right(nc1({ data, n: samples.count, d: WIDTH }, samples.labels)),
  )
  assert.is(got.length, 3)
  got.forEach((value, i) => {
    const wanted = expected[i] ?? Number.NaN
    assert.ok(Math.abs(value - wanted) <= 1e-4 * wanted, `layer ${i}: ${value}, by hand ${wanted}`)
  })
}

test('are those of the features by hand on the cpu engine', () => agrees(cpuEngine()))

test('are those of the features by hand on webgpu', async () => {
  if (native !== null) await agrees(native)
})

test('are NaN for a layer whose units are all dead', async () => {
  const dead = Object.fromEntries(
    Object.entries(contents).map(([path, data]) => [
      path,
      path.startsWith('layers.1.') ? data.map(() => -1) : data,
    ]),
  )
  const got = await measured(cpuEngine(), dead)
  assert.ok(Number.isFinite(got[0]) && Number.isNaN(got[1]) && Number.isNaN(got[2]))
})

test('name the layer where the samples allow none', () => {
  const one = { ...samples, count: 2, labels: Uint32Array.of(0, 0) }
  const failed = nc1Of(Float32Array.of(1, 2, 3, 4), one, 'layers.1')
  assert.ok(failed._tag === 'Left' && failed.left.where === 'layer layers.1')
})

test('are read in groups that keep order, fit, and are no smaller than they must be', () => {
  const taps = fc.array(fc.record({ bytes: fc.integer({ min: 1, max: 50 }) }))
  fc.assert(
    fc.property(taps, fc.integer({ min: 1, max: 100 }), (all, limit) => {
      const groups = groupTaps(all, limit)
      const sum = (group: ReadonlyArray<{ readonly bytes: number }>): number =>
        group.reduce((n, { bytes }) => n + bytes, 0)
      assert.equal(groups.flat(), all)
      assert.ok(groups.every(group => group.length === 1 || sum(group) <= limit))
      groups.slice(1).forEach((group, i) => {
        assert.ok(sum(groups[i] ?? []) + (group[0]?.bytes ?? 0) > limit)
      })
    }),
  )
})

test.run()

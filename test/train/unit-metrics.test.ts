// nc1 of units: of maps averaged over their places, on both engines.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { nc1 } from '../../src/collapse/nc1.ts'
import { cpuEngine } from '../../src/device/cpu.ts'
import type { Engine } from '../../src/device/engine.ts'
import { crossEntropy } from '../../src/losses/losses.ts'
import { unitsOf } from '../../src/models/model.ts'
import { networkOf, putContents, startingContents } from '../../src/train/network.ts'
import { FEATURES, type Pass, tapsProgram } from '../../src/train/programs.ts'
import { collect } from '../../src/train/run.ts'
import { putSamples } from '../../src/train/samples.ts'
import { unitNc1 } from '../../src/train/unit-metrics.ts'
import { done, nativeEngine, right, useEngines } from '../support/engines.ts'
import { tinyImages, tinyResnet } from '../support/tiny.ts'

const test = suite('metrics of units')
const leave = useEngines()
test.after(leave)

const network = right(networkOf(tinyResnet, 'units'))
const samples = tinyImages('units/samples', 60, 1)
const pass: Pass = { network, samples, batch: 16, loss: crossEntropy, from: 0 }

/** Rows [N, C] of maps [N, places, C]: the mean over the places, in float64. */
const averaged = (maps: Float32Array, channels: number): Float64Array => {
  const places = maps.length / (samples.count * channels)
  const rows = new Float64Array(samples.count * channels)
  maps.forEach((v, i) => {
    const row = Math.floor(i / (places * channels))
    const at = row * channels + (i % channels)
    rows[at] = (rows[at] ?? 0) + v / places
  })
  return rows
}

const agrees = async (engine: Engine): Promise<void> => {
  await done(putContents(engine, network, startingContents(network, 3)))
  await done(putSamples(engine, samples))
  const maps = await done(collect(engine, tapsProgram(pass), samples, pass.batch))
  const byHand = (name: string, d: number): number => {
    const data = averaged(maps.get(name) ?? new Float32Array(0), d)
    return right(nc1({ data, n: samples.count, d }, samples.labels))
  }
  const { units, features } = await done(unitNc1(engine, pass))
  const wanted = unitsOf(tinyResnet).map(({ block, index }) =>
    byHand(block.name, network.init.taps[index]?.shape.at(-1) ?? 0),
  )
  assert.is(units.length, 8)
  const pairs = units.map((value, i) => [value, wanted[i] ?? Number.NaN] as const)
  for (const [got, expected] of [...pairs, [features, byHand(FEATURES, 32)] as const]) {
    assert.ok(Math.abs(got / expected - 1) < 1e-3, `${got}, by hand ${expected}`)
  }
}

test('are those of averaged maps on the cpu engine', () => agrees(cpuEngine()))

test('and on webgpu', async () => {
  const native = await nativeEngine()
  if (native !== null) await agrees(native)
})

test('of a part of the network begin at its first block', async () => {
  const engine = cpuEngine()
  await done(putContents(engine, network, startingContents(network, 3)))
  await done(putSamples(engine, samples))
  const all = await done(unitNc1(engine, pass))
  const maps = await done(
    collect(
      engine,
      tapsProgram(pass, name => name === 'layer2.1'),
      samples,
      pass.batch,
    ),
  )
  const rows = maps.get('layer2.1') ?? new Float32Array(0)
  const cached = {
    ...samples,
    name: 'units/cached',
    contents: { _tag: 'Rows', rows, width: rows.length / samples.count } as const,
  }
  await done(putSamples(engine, cached))
  const rest = await done(unitNc1(engine, { ...pass, samples: cached, from: 5 }))
  assert.equal(rest.units, all.units.slice(4))
  assert.is(rest.features, all.features)
})

test.run()

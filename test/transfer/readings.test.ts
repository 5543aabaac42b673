// Readings of a pass: one pass over a target, and the same figures as passes of their own give.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { cpuEngine } from '../../src/device/cpu.ts'
import type { Engine } from '../../src/device/engine.ts'
import { crossEntropy } from '../../src/losses/losses.ts'
import { networkOf, putContents, startingContents } from '../../src/train/network.ts'
import { FEATURES, type Pass, tapsProgram } from '../../src/train/programs.ts'
import { collect } from '../../src/train/run.ts'
import { putSamples } from '../../src/train/samples.ts'
import { unitNc1 } from '../../src/train/unit-metrics.ts'
import { readAll } from '../../src/transfer/read-all.ts'
import {
  ENCODER,
  featureReadings,
  outputReadings,
  rowsName,
  unitReadings,
} from '../../src/transfer/readings.ts'
import { targetOf } from '../../src/transfer/target.ts'
import { neckOf } from '../../src/transfer/ways.ts'
import { done, right } from '../support/engines.ts'
import { tinyImages, tinyResnet } from '../support/tiny.ts'

const test = suite('readings')
const samples = tinyImages('readings', 42, 1)
const network = right(networkOf(tinyResnet, 'source'))

/** The cpu engine, counting the programs that it loads. */
const counting = async (): Promise<{ readonly engine: Engine; readonly loads: () => number }> => {
  const inner = cpuEngine()
  let loads = 0
  const engine: Engine = {
    ...inner,
    load: program => {
      loads += 1
      return inner.load(program)
    },
  }
  await done(putContents(engine, network, startingContents(network, 1)))
  await done(putSamples(engine, samples))
  return { engine, loads: () => loads }
}

const pass: Pass = { network, samples, batch: 16, loss: crossEntropy, from: 0 }

test('a target takes one program for each split, and none for a split of which nothing is read', async () => {
  const { engine, loads } = await counting()
  const splits = { train: samples, test: tinyImages('readings/test', 20, 2) }
  const target = await done(targetOf(engine, network, splits, 16))
  assert.is(loads(), 2)
  assert.is(target.train.taps.size, 9)
  const bare = await done(targetOf(engine, network, splits, 16, 0))
  assert.is(loads(), 3)
  assert.equal([bare.train.taps.size, bare.nc1], [0, target.nc1])
})

test('what a target reads is what passes of their own read', async () => {
  const { engine } = await counting()
  const target = await done(targetOf(engine, network, { train: samples, test: samples }, 16))
  assert.equal(target.nc1, (await done(unitNc1(engine, pass))).units)
  const outputs = await done(
    collect(
      engine,
      tapsProgram(pass, name => name !== FEATURES),
      samples,
      16,
    ),
  )
  assert.equal([...target.train.taps.keys()].sort(), [...outputs.keys()].sort())
  for (const [name, rows] of outputs) assert.equal(target.train.taps.get(name), rows, name)
})

test("with a skip they hold both the sum and the encoder's own", async () => {
  const { engine } = await counting()
  const last = tinyResnet.blocks.at(-1)?.name ?? ''
  const neck = neckOf({ ...tinyResnet, skip: last }, 0)
  if (neck === undefined) throw new Error('no neck')
  const skipping = { ...pass, neck }
  const all = await done(
    readAll(engine, skipping, [...unitReadings(skipping), ...featureReadings(skipping)]),
  )
  const [sum, own] = [all.get(FEATURES), all.get(ENCODER)]
  assert.equal(own, all.get(rowsName(last)))
  assert.equal(
    sum,
    own?.map(x => 2 * x),
  )
  const plain = await done(readAll(engine, pass, featureReadings(pass)))
  assert.equal([...plain.keys()], [FEATURES])
  assert.equal(plain.get(FEATURES), own)
})

test('nothing to read is no pass', async () => {
  const { engine, loads } = await counting()
  assert.is(
    (
      await done(
        readAll(
          engine,
          pass,
          [],
          outputReadings(pass, () => false),
        ),
      )
    ).size,
    0,
  )
  assert.is(loads(), 0)
})

test.run()

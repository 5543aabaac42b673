// Costs from the plan alone: the bytes are those that a transfer then plans, parameters the paper's share, work less with depth.
import * as O from 'fp-ts/Option'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { costOf } from '../../../cli/advise/cost.ts'
import { cpuEngine } from '../../../src/device/cpu.ts'
import { crossEntropy } from '../../../src/losses/losses.ts'
import { unitsOf } from '../../../src/models/model.ts'
import { constant } from '../../../src/optim/schedule.ts'
import { networkOf, putContents, startingContents } from '../../../src/train/network.ts'
import { targetOf } from '../../../src/transfer/target.ts'
import { transfer } from '../../../src/transfer/transfer.ts'
import type { Way } from '../../../src/transfer/ways.ts'
import { done, nativeEngine, right, useEngines } from '../../support/engines.ts'
import { CLASSES, tinyImages, tinyResnet } from '../../support/tiny.ts'

const test = suite('costs of tuning')

const leave = useEngines()
test.after(leave)
const engine = cpuEngine()
const network = right(networkOf(tinyResnet, 'net'))
const [train, test_] = [tinyImages('train', 12, 1), tinyImages('test', 6, 2)]
const job = { train: 12, test: 6, classes: CLASSES, batch: 4 }
const units = unitsOf(tinyResnet)
const layer = (number: number): Way => ({ _tag: 'Layer', block: units[number - 1]?.index ?? -1 })
const cost = (way: Way, rate = 1e9, on = engine) =>
  right(costOf(on, network, job, rate, way), f => f.what)

test('plan the bytes and count the parameters of the transfer itself', async () => {
  const gpu = await nativeEngine()
  if (gpu === null) return console.log('skipped: no adapter, and the cpu engine plans nothing')
  await done(putContents(gpu, network, startingContents(network, 1)))
  const target = await done(targetOf(gpu, network, { train, test: test_ }, 6))
  const recipe = {
    epochs: 1,
    batch: 4,
    testBatch: 6,
    schedule: constant(0.01),
    hyper: { momentum: 0.9, weightDecay: 1e-4 },
    seed: 0,
    loss: crossEntropy,
    evaluateEvery: 0,
    batchNorm: 'frozen' as const,
  }
  for (const way of [layer(1), layer(5), layer(8), { _tag: 'Probe' } as const]) {
    const tuned = await done(transfer(gpu, network, target, recipe)(way, () => true))
    const { parameters, percent, bytes } = cost(way, 1e9, gpu)
    assert.ok(O.isSome(tuned))
    assert.equal(
      [parameters, percent],
      O.isSome(tuned) ? [tuned.value.trained, tuned.value.percent] : [],
    )
    assert.is(bytes, O.isSome(tuned) ? tuned.value.plannedBytes : 0)
  }
})

test('fall with depth in work and time, which goes by the rate', () => {
  const costs = units.map(({ number }) => cost(layer(number)))
  costs.slice(1).forEach(({ stepFlops, cached }, i) => {
    assert.ok(stepFlops < (costs[i]?.stepFlops ?? 0))
    assert.ok(cached)
  })
  const [slow, fast] = [cost(layer(3)), cost(layer(3), 4e9)]
  assert.is(slow.secondsPerEpoch, (slow.stepFlops * 3) / 1e9)
  assert.ok(Math.abs(slow.secondsPerEpoch / fast.secondsPerEpoch - 4) < 1e-9)
})

test('count a head for the classes of the data', () => {
  const wide = right(costOf(engine, network, { ...job, classes: 50 }, 1e9, { _tag: 'Probe' }))
  assert.is(wide.parameters, 50 * (network.init.width + 1))
})

test.run()

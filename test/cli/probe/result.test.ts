// From what the library gave to the result: correlation over units, and classifiers that lost their loss apart.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { ProbeMaterials } from '../../../cli/probe/conduct.ts'
import { resultOf } from '../../../cli/probe/result.ts'
import { cpuEngine } from '../../../src/device/cpu.ts'
import { networkOf } from '../../../src/train/network.ts'
import type { LayerProbe } from '../../../src/transfer/probe-units.ts'
import { probeResult } from '../../report/probe-fixture.ts'
import { right } from '../../support/either.ts'
import { tinyImages, tinyResnet } from '../../support/tiny.ts'

const test = suite('the result of a probe')

const shape = { width: 4, height: 4, channels: 3 }
const materials: ProbeMaterials = {
  config: probeResult.config,
  network: right(networkOf(tinyResnet, 'net')),
  start: () => ({}),
  said: '',
  train: { ...tinyImages('train', 20, 1), classes: 3, shape },
  test: { ...tinyImages('test', 10, 2), classes: 3, shape },
  plugins: false,
}

const probes: ReadonlyArray<LayerProbe> = probeResult.rows.map(({ metrics, ...row }, i) => ({
  ...{ layer: row.layer, unit: row.unit, width: row.width, metrics, epochs: row.epochs },
  ...{ testAccuracy: row.testAccuracy, bestAccuracy: row.bestAccuracy },
  ...{ trainAccuracy: row.trainAccuracy, head: {}, parameters: row.headParameters },
  lost: i === 1 ? 2 : null,
}))

test('correlates over units alone, and lists apart the classifiers that lost their loss', () => {
  const bytes = { arguments: 1, arenas: 2, textures: 3, uniforms: 4, readback: 5, live: 1 }
  const { rows, failed, agreement, plannedBytes } = resultOf(cpuEngine(), materials, {
    ...{ layers: probes, whole: true, seconds: 1, imagesPerSecond: 20, bytes },
  })
  assert.equal(
    rows.map(({ unit }) => unit),
    [1, 3, 4, 5, null],
  )
  assert.equal(failed, [{ layer: 'layer1.1', unit: 2, why: 'the loss is not finite in epoch 2' }])
  assert.equal([agreement.spearman, agreement.kendall], [-1, -1])
  assert.is(plannedBytes, 15)
  const one = probes.slice(0, 1)
  const few = resultOf(cpuEngine(), materials, {
    ...{ layers: one, whole: false, seconds: 1, imagesPerSecond: 20, bytes },
  })
  assert.equal([few.finished, few.agreement.spearman], [false, null])
})

test.run()

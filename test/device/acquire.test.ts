// What a measurement of the adapter decides: the family, the target, and nothing of results but rounding.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { conv2d } from '../../kernels/conv2d.ts'
import { matmul } from '../../kernels/matmul.ts'
import { moves } from '../../kernels/moves.ts'
import { f32 } from '../../src/core/aval.ts'
import type { DeviceTuning } from '../../src/core/dispatch.ts'
import { apply } from '../../src/core/op.ts'
import { trace } from '../../src/core/trace.ts'
import { arg, showShapeErrors } from '../../src/core/value.ts'
import { tuningOf } from '../../src/device/acquire.ts'
import type { Engine } from '../../src/device/engine.ts'
import { openEngine } from '../../src/device/open.ts'
import { done, nativeEngine, right, useEngines } from '../support/engines.ts'

const test = suite('acquire')
const close = useEngines()
test.after(close)
const native = await nativeEngine()
const skipped = native === null ? test.skip : test

const other: DeviceTuning = { vendor: 'v', adapter: 'a', driver: 'd', family: 'tiled', reaches: {} }

test('takes the measurement of the very adapter and driver', () => {
  assert.is(tuningOf(other, [{ ...other, driver: 'e' }, other]), other)
  for (const key of ['vendor', 'adapter', 'driver'] as const) {
    assert.is(tuningOf(other, [{ ...other, [key]: 'x' }]), undefined)
  }
  assert.is(tuningOf(other), undefined)
})

const opened = async (change: Partial<DeviceTuning>): Promise<Engine> => {
  const { vendor = '', adapter = '', driver = '' } = native?.info ?? {}
  const tuning: DeviceTuning = { ...other, vendor, adapter, driver, ...change }
  return done(openEngine('webgpu', moves, { checked: true, tunings: [tuning] }))
}

const [a, b] = [arg('a', f32(70, 45)), arg('b', f32(45, 66))]
const [x, w] = [arg('x', f32(2, 9, 7, 5)), arg('w', f32(6, 5, 3, 3))]
const conv = { stride: 1, padding: 1, dilation: 1, groups: 1 }
const outputs = { product: apply(matmul, { form: 'NN' })(a, b), y: apply(conv2d, conv)(x, w) }
const program = right(trace({ outputs }), showShapeErrors)

const results = async (engine: Engine) => {
  for (const { name, id } of program.args) {
    const aval = program.avals[id] ?? f32(1)
    const size = aval.shape.reduce((n, d) => n * d, 1)
    await done(
      engine.put(
        name,
        aval,
        Float32Array.from({ length: size }, (_, i) => Math.sin(i)),
      ),
    )
  }
  const loaded = await done(engine.load(program))
  await done(loaded.run({}))
  const read = await done(loaded.outputs)
  loaded.release()
  return [...(read.product ?? []), ...(read.y ?? [])]
}

skipped(
  'families and tiles that a measurement chooses change results by rounding only',
  async () => {
    if (native === null) return
    const expected = await results(native)
    assert.is(native.info.tuned, false)
    for (const family of ['tiled', 'texture', 'subgroup'] as const) {
      const engine = await opened({ family, reaches: { '32x32': 9 } })
      assert.is(engine.info.tuned, true)
      assert.equal(engine.target.reaches, { '32x32': 9 })
      if (native.info.software && family !== 'subgroup') assert.is(engine.info.family, family)
      if (!native.info.software) assert.is(engine.info.family, 'tiled')
      const actual = await results(engine)
      engine.close()
      assert.is(actual.length, expected.length)
      for (const [i, value] of actual.entries()) {
        assert.ok(Math.abs(value - (expected[i] ?? Number.NaN)) < 1e-4)
      }
    }
  },
)

skipped('a measurement of another driver is not used', async () => {
  const engine = await opened({ driver: 'another', family: 'tiled' })
  assert.equal([engine.info.tuned, engine.info.family], [false, native?.info.family])
  assert.is(engine.target.reaches, undefined)
  engine.close()
})

test.run()

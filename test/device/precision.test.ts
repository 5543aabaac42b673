// f16 engines: which adapters have the matrix units, what the self-test refuses, and f32 where there are none.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { moves } from '../../kernels/moves.ts'
import { productProbe } from '../../kernels/product-probe.ts'
import { coreOf } from '../../kernels/product-tiled.ts'
import { relu } from '../../kernels/relu.ts'
import { f32 } from '../../src/core/aval.ts'
import { isDispatch, type Target } from '../../src/core/dispatch.ts'
import { apply, defineOp } from '../../src/core/op.ts'
import { trace } from '../../src/core/trace.ts'
import { arg, showShapeErrors } from '../../src/core/value.ts'
import { hasHalves } from '../../src/device/acquire.ts'
import { faultOf, misses, openPrecise } from '../../src/device/precision.ts'
import { done, nativeEngine, right, useEngines } from '../support/engines.ts'

const test = suite('precision')
const close = useEngines()
const skipped = (await nativeEngine()) === null ? test.skip : test
test.after(close)

const config = { M: 16, N: 16, K: 16, componentType: 'f16', resultComponentType: 'f32' }
const card = {
  features: new Set(['subgroups', 'shader-f16', 'chromium-experimental-subgroup-matrix']),
  info: { subgroupMatrixConfigs: [config], subgroupMinSize: 32, subgroupMaxSize: 32 },
}

test('f16 needs the features, matrices of 16 summed in f32, and subgroups of 32', () => {
  const withInfo = (info: object) => hasHalves({ ...card, info: { ...card.info, ...info } })
  assert.ok(hasHalves(card))
  assert.not.ok(hasHalves({ ...card, features: new Set(['subgroups', 'shader-f16']) }))
  assert.not.ok(withInfo({ subgroupMatrixConfigs: [{ ...config, resultComponentType: 'f16' }] }))
  assert.not.ok(withInfo({ subgroupMatrixConfigs: [{ ...config, K: 8 }] }))
  assert.not.ok(withInfo({ subgroupMatrixConfigs: undefined }))
  assert.not.ok(withInfo({ subgroupMaxSize: 64 }))
})

test('the self-test allows some roundings, and no wrong or missing element', () => {
  const expected = { c: Float32Array.of(1, -4, 2) }
  assert.is(misses({ c: Float32Array.of(1.01, -4, 1.99) }, expected), null)
  assert.ok(misses({ c: Float32Array.of(1, 4, 2) }, expected)?.includes('c is off by 2.0'))
  assert.ok(misses({ c: Float32Array.of(1, Number.NaN, 2) }, expected) !== null)
  assert.ok(misses({ c: Float32Array.of(1, -4) }, expected) !== null)
  assert.ok(misses({}, expected) !== null)
})

const probe = right(trace(productProbe), showShapeErrors)

const target: Target = {
  family: 'tiled',
  precision: 'f16',
  limits: {
    maxWorkgroups: 65535,
    maxBindingBytes: 2 ** 31 - 4,
    maxBufferBytes: 2 ** 33,
    maxTextureSize: 16384,
    workgroupBytes: 49152,
  },
}

test('the probe runs a large tile and a small one on matrix units', () => {
  const { shader } = coreOf({ rows: 64, columns: 64, side: 8, halves: true }, true, true)
  const rows = probe.instructions
    .flatMap(({ primitive }) => primitive.lower(target))
    .filter(isDispatch)
    .filter(work => work.shader.startsWith(shader))
    .map(({ constants }) => constants.ROWS ?? 0)
  assert.is(rows.length, probe.instructions.length)
  assert.equal([Math.min(...rows), Math.max(...rows)], [64, 128])
})

skipped(
  'the self-test passes what agrees with its reference, and tells what does not',
  async () => {
    const engine = await nativeEngine()
    if (engine === null) return
    assert.is(await faultOf(engine, probe)(), null)
    const wrong = defineOp({ ...relu, oracle: () => [Float32Array.of(1, 2, 3, 4)] })
    const outputs = { y: apply(wrong, null)(arg('x', f32(4))) }
    const fault = await faultOf(engine, right(trace({ outputs }), showShapeErrors))()
    assert.ok(fault?.startsWith('y is off by'))
  },
)

skipped('an adapter without matrix units says so and uses f32', async () => {
  const native = await nativeEngine()
  if (native?.info.software !== true) return
  const said: Array<string> = []
  const say = (line: string) => said.push(line)
  const options = { checked: true, precision: 'f16' } as const
  const engine = await done(openPrecise('webgpu', moves, options, probe, say))
  assert.is(engine.target.precision, 'f32')
  assert.is(said.length, 1)
  engine.close()
  const plain = await done(openPrecise('webgpu', moves, { checked: true }, probe, say))
  assert.is(plain.target.precision, 'f32')
  assert.is(said.length, 1)
  plain.close()
})

test.run()

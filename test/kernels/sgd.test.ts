// sgd: one step against its reference, two steps by hand as PyTorch does them, and gradients of scaled losses.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { conv2dWeightGrad } from '../../kernels/conv2d.ts'
import { matmul } from '../../kernels/matmul.ts'
import { reshape } from '../../kernels/reshape.ts'
import { sgd } from '../../kernels/sgd.ts'
import { f32 } from '../../src/core/aval.ts'
import { apply, applyAll } from '../../src/core/op.ts'
import { trace } from '../../src/core/trace.ts'
import { arg, showShapeErrors } from '../../src/core/value.ts'
import { cpuEngine } from '../../src/device/cpu.ts'
import type { Engine } from '../../src/device/engine.ts'
import { checkOp } from '../support/check-op.ts'
import { done, nativeEngine, right, useEngines } from '../support/engines.ts'

// Before any suite is handed to uvu, which begins at the next turn of the event loop.
const native = await nativeEngine()

checkOp(sgd, {
  attrs: null,
  shapes: [[f32(1)], [f32(17, 5)], [f32(1023)], [f32(1025)]].map(([p = f32()]) => [
    p,
    p,
    p,
    f32(4),
  ]),
  gradients: [],
})

const test = suite('sgd')
const close = useEngines()
test.after(close)

test('decays, gathers momentum and descends in the order of PyTorch', () => {
  const site = { attrs: null, ins: [f32(1), f32(1), f32(1), f32(4)], outs: [f32(1), f32(1)] }
  const hyper = Float32Array.of(0.5, 0.5, 0.25, 0)
  const gradient = Float32Array.of(1)
  const first = sgd.oracle([Float32Array.of(4), gradient, Float32Array.of(0), hyper], site)
  assert.equal(
    first.map(d => d[0]),
    [4 - 0.5 * 2, 2],
  )
  const [p = gradient, buffer = gradient] = first
  const second = sgd.oracle([p, gradient, buffer, hyper], site)
  assert.equal(
    second.map(d => d[0]),
    [3 - 0.5 * 2.75, 2.75],
  )
})

/** Gradient 1e20 * 1e20 in the first column of the parameter, ones elsewhere: stored, of a product, of a convolution. */
const gradients = () => {
  const [a, b] = [arg('a', f32(1, 6)), arg('b', f32(1, 8))]
  const product = apply(matmul, { form: 'TN' as const })(a, b)
  const conv = { stride: 1, padding: 0, dilation: 1, groups: 1, rows: 1, columns: 1 }
  const [dy, x] = [arg('dy', f32(1, 1, 1, 6)), arg('x', f32(1, 1, 1, 8))]
  const weights = apply(conv2dWeightGrad, conv)(dy, x)
  const stored = apply(reshape, { shape: [6, 8] })(product)
  return { stored, product, weights }
}

const huge = (n: number): Float32Array => Float32Array.from({ length: n }, (_, i) => (i ? 1 : 1e20))

const steps = async (engine: Engine, unscale: number) => {
  const moved: Record<string, ReadonlyArray<number>> = {}
  await done(engine.put('hyper', f32(4), Float32Array.of(1, 0.5, 0, unscale)))
  for (const [name, gradient] of Object.entries(gradients())) {
    const names = { a: f32(1, 6), b: f32(1, 8), dy: f32(1, 1, 1, 6), x: f32(1, 1, 1, 8) }
    for (const [n, aval] of Object.entries(names)) {
      await done(engine.put(n, aval, huge(aval.shape.reduce((p, q) => p * q, 1))))
    }
    const aval = gradient.aval
    await done(engine.put(`${name} p`, aval))
    await done(engine.put(`${name} buffer`, aval))
    const [p, buffer] = [arg(`${name} p`, aval), arg(`${name} buffer`, aval)]
    const [next = p, kept = p] = applyAll(sgd, null)(p, gradient, buffer, arg('hyper', f32(4)))
    const updates = { [`${name} p`]: next, [`${name} buffer`]: kept }
    const program = right(trace({ outputs: {}, updates }), showShapeErrors)
    const loaded = await done(engine.load(program))
    await done(loaded.run({}))
    moved[name] = [...(await done(engine.get(`${name} p`)))]
    loaded.release()
  }
  return moved
}

for (const [name, engine] of Object.entries({ cpu: cpuEngine(), webgpu: native })) {
  test(`undoes the scale, and takes what is not finite for 0: ${name}`, async () => {
    if (engine === null) return
    for (const [kind, p] of Object.entries(await steps(engine, 0.25))) {
      assert.is(p.length, 48, kind)
      assert.is(p[0], 0, kind)
      assert.ok(Math.abs((p[1] ?? 0) / -2.5e19 - 1) < 1e-6, kind)
      assert.is(p[9], -0.25, kind)
    }
    for (const [kind, p] of Object.entries(await steps(engine, 0))) {
      assert.not.ok(Number.isFinite(p[0]), kind)
      assert.is(p[9], -1, kind)
    }
  })
}

test.run()

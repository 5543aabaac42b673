// Convolutions with batch norms by given moments folded in, residual sums and activations, on all kernel families.
import * as O from 'fp-ts/Option'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { add } from '../../kernels/add.ts'
import { addRelu } from '../../kernels/add-relu.ts'
import { batchNormEval } from '../../kernels/batch-norm-eval.ts'
import { type Conv, conv2d } from '../../kernels/conv2d.ts'
import { conv2dNorm } from '../../kernels/conv2d-norm.ts'
import { relu } from '../../kernels/relu.ts'
import { relu6 } from '../../kernels/relu6.ts'
import { type Aval, f32, sizeOf } from '../../src/core/aval.ts'
import type { Family } from '../../src/core/dispatch.ts'
import { type Primitive, primitive } from '../../src/core/op.ts'
import { checkOp } from '../support/check-op.ts'
import type { Contents } from '../support/contents.ts'
import { right } from '../support/engines.ts'

const families: ReadonlyArray<Family> = ['texture', 'tiled']
const plain: Conv = { stride: 1, padding: 1, dilation: 1, groups: 1 }
const wide: Contents = { low: 0.5, high: 20 }
const operands = [undefined, undefined, undefined, undefined, undefined, wide]

const vectors = (out: number) => [f32(out), f32(out), f32(out), f32(out)]

for (const activation of [{}, { activation: 'relu' }, { activation: 'relu6' }] as const) {
  const norm = { ...plain, eps: 1e-5, ...activation }
  const [x, w] = [f32(2, 5, 4, 8), f32(36, 8, 3, 3)]
  const [thin, few] = [f32(1, 3, 3, 5), f32(3, 5, 3, 3)]
  checkOp(conv2dNorm, {
    attrs: { ...norm, residual: false },
    shapes: [
      [x, w, ...vectors(36)],
      [thin, few, ...vectors(3)],
    ],
    operands,
    families,
    gradients: [],
  })
  checkOp(conv2dNorm, {
    attrs: { ...norm, residual: true },
    shapes: [
      [x, w, ...vectors(36), f32(2, 5, 4, 36)],
      [thin, few, ...vectors(3), f32(1, 3, 3, 3)],
    ],
    operands,
    families,
    gradients: [],
  })
  checkOp(conv2dNorm, {
    attrs: { ...norm, groups: 6, residual: true },
    shapes: [[f32(2, 5, 4, 6), f32(6, 1, 3, 3), ...vectors(6), f32(2, 5, 4, 6)]],
    operands,
    families,
    gradients: [],
  })
}
checkOp(conv2dNorm, {
  attrs: { ...plain, groups: 2, eps: 1e-3, residual: false },
  shapes: [[f32(2, 5, 4, 8), f32(8, 4, 3, 3), ...vectors(8)]],
  operands,
  families,
  gradients: [],
})

const test = suite('conv2d, normed')

const [x, w, y] = [f32(1, 4, 4, 3), f32(5, 3, 3, 3), f32(1, 4, 4, 5)]
const norm = (activation?: 'relu') =>
  right(
    primitive(
      batchNormEval,
      activation === undefined ? { eps: 1e-5 } : { eps: 1e-5, activation },
    )([y, ...vectors(5)]),
  )
const whole = right(primitive(conv2d, plain)([x, w]))
const chain = (
  first: Primitive,
  ...more: ReadonlyArray<readonly [Primitive, number]>
): Primitive | null =>
  more.reduce<Primitive | null>(
    (fused, [next, at]) => O.toNullable(fused?.fuse(next, at) ?? O.none),
    first,
  )
const of = (op: typeof add): Primitive => right(primitive(op, null)([y, y]))
const ramp = right(primitive(relu, null)([y]))

test('takes a norm, then a sum and an activation, each once', () => {
  const attrs = (...more: ReadonlyArray<readonly [Primitive, number]>) =>
    chain(whole, ...more)?.attrs ?? null
  const base = { ...plain, eps: 1e-5, residual: false }
  assert.equal(attrs([norm(), 0]), base)
  assert.equal(attrs([norm('relu'), 0]), { ...base, activation: 'relu' })
  assert.equal(attrs([norm(), 0], [ramp, 0]), { ...base, activation: 'relu' })
  assert.equal(attrs([norm(), 0], [of(addRelu), 1]), {
    ...base,
    residual: true,
    activation: 'relu',
  })
  const six = right(primitive(relu6, null)([y]))
  assert.equal(attrs([norm(), 0], [of(add), 0], [six, 0]), {
    ...base,
    residual: true,
    activation: 'relu6',
  })
  assert.is(attrs([norm('relu'), 0], [of(add), 0]), null)
  assert.is(attrs([norm(), 0], [of(add), 0], [of(add), 0]), null)
  assert.is(attrs([norm(), 1]), null)
})

test('names the operands of both', () => {
  const fused = chain(whole, [norm(), 0], [of(addRelu), 1])
  assert.equal(fused?.ins, [x, w, ...vectors(5), y])
})

test('means what its parts mean', () => {
  const waves = (aval: Aval, seed: number) =>
    Float32Array.from({ length: sizeOf(aval) }, (_, k) => Math.sin(7 * seed + k))
  const [images, weights, rest] = [waves(x, 1), waves(w, 2), waves(y, 3)]
  const moments = [4, 5, 6].map(seed => waves(f32(5), seed))
  const variance = Float32Array.of(0.5, 1, 2, 3, 4)
  const fused = chain(whole, [norm(), 0], [of(addRelu), 1])
  const conv = whole.oracle([images, weights])
  const after = norm().oracle([...conv, ...moments, variance])
  assert.equal(
    fused?.oracle([images, weights, ...moments, variance, rest]),
    of(addRelu).oracle([...after, rest]),
  )
})

test.run()

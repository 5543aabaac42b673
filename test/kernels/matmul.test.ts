// Matrix products of every form and odd shape, and their fused kin, on all kernel families.
import * as O from 'fp-ts/Option'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import {
  type Form,
  linear,
  linearRelu,
  matmul,
  matmulReluGrad,
  matmulSgd,
} from '../../kernels/matmul.ts'
import { relu, reluGrad } from '../../kernels/relu.ts'
import { sgd } from '../../kernels/sgd.ts'
import { type Aval, f32 } from '../../src/core/aval.ts'
import type { Family } from '../../src/core/dispatch.ts'
import { primitive } from '../../src/core/op.ts'
import { checkOp } from '../support/check-op.ts'
import { right } from '../support/engines.ts'

const families: ReadonlyArray<Family> = ['texture', 'tiled']
const forms = ['NN', 'NT', 'TN'] as const

/** M, N, K: ones, primes, whole and broken tiles of 32, widths that are and are not whole texels. */
const sizes = [
  [1, 1, 1],
  [3, 17, 5],
  [1, 40, 8],
  [33, 1, 31],
  [32, 32, 16],
  [36, 68, 24],
  [31, 33, 17],
  [64, 10, 40],
] as const

const operands = (form: Form['form'], [m, n, k]: readonly [number, number, number]) => [
  form === 'TN' ? f32(k, m) : f32(m, k),
  form === 'NT' ? f32(n, k) : f32(k, n),
]

for (const form of forms) {
  checkOp(matmul, { attrs: { form }, shapes: sizes.map(s => operands(form, s)), families })
}

/** Shapes that training meets, several strips of row tiles, and the largest tiles of a GPU. */
const large = [
  ['NT', [1000, 10, 784]],
  ['NN', [200, 784, 16]],
  ['TN', [784, 784, 8]],
  ['NN', [560, 40, 1024]],
] as const
for (const [form, size] of large) {
  checkOp(matmul, { attrs: { form }, shapes: [operands(form, size)], families, gradients: [] })
}

const layer = (batch: number, width: number, out: number) => [
  f32(batch, width),
  f32(out, width),
  f32(out),
]
checkOp(linear, { attrs: {}, shapes: [layer(1, 1, 1), layer(17, 24, 40)], families })
checkOp(linear, { attrs: {}, shapes: [layer(128, 784, 10)], families, gradients: [] })
checkOp(linearRelu, {
  attrs: {},
  shapes: [layer(3, 5, 7), layer(33, 16, 36)],
  families,
  gradients: [],
})

const withResult = (form: Form['form'], size: readonly [number, number, number]) => [
  ...operands(form, size),
  f32(size[0], size[1]),
]
/** Compiling takes llvmpipe seconds for a shader with workgroup memory: only the forms that training meets run there. */
const familiesFor = (met: boolean): ReadonlyArray<Family> => (met ? families : ['texture'])

for (const form of forms) {
  checkOp(matmulReluGrad, {
    attrs: { form },
    shapes: [withResult(form, [3, 5, 7]), withResult(form, [36, 40, 16])],
    families: familiesFor(form === 'NN'),
    gradients: [],
  })
  checkOp(matmulSgd, {
    attrs: { form },
    shapes: [
      [...withResult(form, [3, 5, 7]), f32(3, 5), f32(4)],
      [...withResult(form, [36, 40, 16]), f32(36, 40), f32(4)],
    ],
    families: familiesFor(form === 'TN'),
    gradients: [],
  })
}

const test = suite('matmul')

test('multiplies as by hand in every form', () => {
  const a = Float32Array.of(1, 2, 3, 4, 5, 6)
  const b = Float32Array.of(1, -1, 2, 0, 3, 1)
  const by = (form: Form['form'], ...ins: ReadonlyArray<Aval>) => [
    ...(right(primitive(matmul, { form })(ins)).oracle([a, b])[0] ?? []),
  ]
  assert.equal(by('NN', f32(2, 3), f32(3, 2)), [14, 2, 32, 2])
  assert.equal(by('NT', f32(2, 3), f32(2, 3)), [5, 9, 11, 21])
  assert.equal(by('TN', f32(3, 2), f32(3, 2)), [22, 4, 28, 4])
})

test('refuses shapes that do not agree', () => {
  const refused = (form: Form['form'], ...ins: ReadonlyArray<Aval>) =>
    primitive(matmul, { form })(ins)._tag === 'Left'
  assert.ok(refused('NN', f32(2, 3), f32(2, 3)))
  assert.ok(refused('NT', f32(2, 3), f32(3, 2)))
  assert.ok(refused('TN', f32(2, 3), f32(3, 2)))
  assert.ok(refused('NN', f32(3), f32(3, 2)))
  assert.ok(refused('NN', f32(2, 3)))
  assert.not.ok(refused('NN', f32(2, 3), f32(3, 2)))
})

test('takes a ReLU, a ReLU gradient and an update as endings, and nothing else', () => {
  const weight = f32(5, 4)
  const gradient = right(primitive(matmul, { form: 'TN' })([f32(3, 5), f32(3, 4)]))
  const update = right(primitive(sgd, null)([weight, weight, weight, f32(4)]))
  const mask = right(primitive(reluGrad, null)([weight, weight]))
  const whole = right(primitive(linear, {})([f32(3, 4), weight, f32(5)]))
  const ramp = right(primitive(relu, null)([f32(3, 5)]))
  const nameOf = (fused: O.Option<{ readonly name: string }>) => O.toNullable(fused)?.name ?? null
  assert.is(nameOf(gradient.fuse(update, 1)), 'matmulSgd')
  assert.is(nameOf(gradient.fuse(update, 0)), null)
  assert.is(nameOf(gradient.fuse(mask, 1)), 'matmulReluGrad')
  assert.is(nameOf(gradient.fuse(mask, 0)), null)
  assert.is(nameOf(whole.fuse(ramp, 0)), 'linearRelu')
  assert.is(nameOf(whole.fuse(mask, 1)), null)
  assert.is(nameOf(gradient.fuse(ramp, 0)), null)
})

test.run()

// Convolution and its gradients at every edge of shapes, strides and groups, on all kernel families.
// timeout: 300
import * as E from 'fp-ts/Either'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type Conv, conv2d, conv2dInputGrad, conv2dWeightGrad } from '../../kernels/conv2d.ts'
import { type Aval, f32 } from '../../src/core/aval.ts'
import type { Family } from '../../src/core/dispatch.ts'
import { primitive } from '../../src/core/op.ts'
import { checkOp } from '../support/check-op.ts'
import { right } from '../support/engines.ts'

const families: ReadonlyArray<Family> = ['texture', 'tiled']

const plain: Conv = { stride: 1, padding: 0, dilation: 1, groups: 1 }

/** Batch, height, width, channels, and then out, rows, columns. */
type Sizes = readonly [number, number, number, number, number, number, number]

const operands = ([b, h, w, c, o, rows, columns]: Sizes, groups: number) => [
  f32(b, h, w, c),
  f32(o, c / groups, rows, columns),
]

const check = (conv: Partial<Conv>, ...sizes: ReadonlyArray<Sizes>): void => {
  const attrs = { ...plain, ...conv }
  checkOp(conv2d, { attrs, shapes: sizes.map(s => operands(s, attrs.groups)), families })
}

check(
  {},
  [1, 1, 1, 1, 1, 1, 1],
  [5, 6, 7, 8, 33, 1, 1],
  [1, 3, 3, 17, 5, 3, 2],
  [2, 4, 4, 64, 36, 1, 1],
)
check(
  { padding: 1 },
  [1, 1, 1, 3, 4, 3, 3],
  [5, 4, 4, 4, 64, 3, 3],
  [1, 5, 9, 5, 17, 3, 3],
  [1, 8, 8, 64, 32, 3, 3],
)
check(
  { stride: 2, padding: 1 },
  [5, 7, 6, 4, 8, 3, 3],
  [1, 9, 5, 3, 17, 3, 3],
  [2, 6, 6, 64, 36, 1, 1],
)
check({ padding: 1 }, [5, 6, 9, 3, 40, 3, 3], [2, 5, 4, 2, 4, 3, 3])
check({ padding: 2 }, [1, 4, 3, 3, 5, 3, 3])
check({ stride: 2, padding: 3 }, [1, 13, 12, 3, 64, 7, 7], [1, 1, 1, 5, 4, 7, 7])
check({ stride: 3, dilation: 2, padding: 2 }, [2, 8, 7, 4, 5, 3, 2])
check({ stride: 4, dilation: 2 }, [1, 9, 9, 5, 4, 3, 3])
check({ dilation: 2, padding: 2 }, [1, 6, 5, 17, 4, 3, 3])
check({ padding: 3 }, [2, 2, 3, 4, 4, 2, 2])
check({ stride: 5 }, [1, 3, 3, 4, 4, 1, 1])
check(
  { groups: 2, padding: 1 },
  [5, 4, 4, 8, 8, 3, 3],
  [1, 5, 3, 10, 6, 3, 3],
  [1, 4, 4, 68, 72, 3, 3],
)
check({ groups: 3, stride: 2, padding: 1 }, [2, 5, 5, 3, 6, 3, 3])
check({ groups: 2, padding: 1 }, [2, 5, 6, 6, 8, 3, 3])
check({ groups: 36, padding: 1 }, [2, 9, 3, 36, 36, 3, 3])
check({ groups: 4, padding: 1 }, [1, 5, 6, 4, 4, 3, 3])
check({ groups: 17, stride: 2, padding: 1 }, [5, 7, 6, 17, 17, 3, 3])
check({ groups: 5, padding: 1 }, [5, 7, 9, 5, 5, 3, 3])
check({ groups: 4, padding: 2 }, [2, 2, 1, 4, 4, 3, 3])
check({ groups: 8 }, [2, 3, 6, 8, 8, 3, 3])
check({ groups: 64, dilation: 2, padding: 2 }, [2, 5, 9, 64, 64, 3, 3])

/** Slices of a batch and, backwards, parts of more than one slice; short ones under 3 x 3 neighbouring taps. */
const large: Sizes = [5, 512, 520, 1, 2, 1, 3]
const near: Conv = { ...plain, padding: 1 }
const apart: Conv = { ...near, groups: 4 }
checkOp(conv2d, { attrs: apart, shapes: [operands([3, 301, 300, 4, 4, 3, 3], 4)], gradients: [] })
for (const [attrs, channels] of [
  [near, 3],
  [apart, 4],
] as const) {
  checkOp(conv2dWeightGrad, {
    attrs: { ...attrs, rows: 3, columns: 3 },
    shapes: [[f32(3, 301, 300, 4), f32(3, 301, 300, channels)]],
    gradients: [],
  })
}
checkOp(conv2d, { attrs: plain, shapes: [operands(large, 1)], gradients: [] })
checkOp(conv2dWeightGrad, {
  attrs: { ...plain, rows: 1, columns: 3 },
  shapes: [[f32(5, 512, 518, 2), f32(5, 512, 520, 1)]],
  gradients: [],
  tolerance: 1e-4,
})

const square: Conv = { stride: 2, padding: 1, dilation: 1, groups: 2 }
checkOp(conv2dInputGrad, {
  attrs: { ...square, height: 6, width: 7 },
  shapes: [[f32(2, 3, 4, 6), f32(6, 4, 3, 3)]],
})
checkOp(conv2dWeightGrad, {
  attrs: { ...square, rows: 3, columns: 3 },
  shapes: [[f32(2, 3, 4, 6), f32(2, 6, 7, 8)]],
})

const test = suite('conv2d')

const refused = (conv: Partial<Conv>, ...ins: ReadonlyArray<Aval>): boolean =>
  E.isLeft(primitive(conv2d, { ...plain, ...conv })(ins))

test('convolves as by hand, upright and not mirrored', () => {
  const { oracle } = right(primitive(conv2d, plain)([f32(1, 2, 3, 1), f32(1, 1, 2, 2)]))
  const y = oracle([Float32Array.of(1, 2, 3, 4, 5, 6), Float32Array.of(1, 10, 100, 1000)])[0] ?? []
  assert.equal([...y], [5421, 6532])
})

test('refuses what does not fit', () => {
  assert.not.ok(refused({}, f32(1, 3, 3, 4), f32(2, 4, 3, 3)))
  assert.ok(refused({}, f32(1, 3, 3, 4), f32(2, 3, 3, 3)))
  assert.ok(refused({}, f32(1, 2, 3, 4), f32(2, 4, 3, 3)))
  assert.ok(refused({ dilation: 2 }, f32(1, 3, 3, 4), f32(2, 4, 3, 3)))
  assert.ok(refused({ groups: 3 }, f32(1, 3, 3, 4), f32(3, 4, 3, 3)))
  assert.ok(refused({ groups: 2 }, f32(1, 3, 3, 4), f32(3, 2, 3, 3)))
  assert.ok(refused({ stride: 0 }, f32(1, 3, 3, 4), f32(2, 4, 3, 3)))
  assert.ok(refused({ padding: -1 }, f32(1, 3, 3, 4), f32(2, 4, 1, 1)))
  assert.ok(refused({}, f32(3, 3, 4), f32(2, 4, 3, 3)))
  assert.ok(refused({}, f32(1, 3, 3, 4)))
  assert.ok(refused({}, f32(1, 3, 3, 4), f32(2, 4, 3, 3), f32(2)))
})

test('gradients refuse what no convolution gives', () => {
  const dx = (height: number, dy: Aval) =>
    primitive(conv2dInputGrad, { ...plain, height, width: 3 })([dy, f32(2, 4, 3, 3)])
  assert.ok(E.isRight(dx(5, f32(1, 3, 1, 2))))
  assert.ok(E.isLeft(dx(4, f32(1, 3, 1, 2))))
  assert.ok(E.isLeft(dx(5, f32(1, 3, 1, 3))))
  const dw = (groups: number, x: Aval) =>
    primitive(conv2dWeightGrad, { ...plain, groups, rows: 3, columns: 3 })([f32(1, 3, 1, 2), x])
  assert.ok(E.isRight(dw(1, f32(1, 5, 3, 5))))
  assert.ok(E.isLeft(dw(2, f32(1, 5, 3, 5))))
  assert.ok(E.isLeft(dw(1, f32(2, 5, 3, 5))))
})

test.run()

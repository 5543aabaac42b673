// Strided views: spans and bounds, and elements in row-major order as a plain loop finds them.
import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { bytesOf } from '../../src/codec/number-array.ts'
import { contiguous, type StridedView, spanOf } from '../../src/codec/strided.ts'
import { left, right } from '../support/either.ts'

const test = suite('strided views')

const axis = fc.tuple(fc.nat(4), fc.nat(6))
const views: fc.Arbitrary<StridedView> = fc
  .tuple(fc.array(axis, { maxLength: 4 }), fc.nat(5))
  .map(([axes, offset]) => ({
    dtype: 'F32',
    shape: axes.map(([size]) => size),
    stride: axes.map(([, step]) => step),
    offset,
  }))

const byHand = ({ shape, stride, offset }: StridedView): ReadonlyArray<number> =>
  shape.reduce<ReadonlyArray<number>>(
    (places, size, i) =>
      places.flatMap(at => Array.from({ length: size }, (_, k) => at + k * (stride[i] ?? 0))),
    [offset],
  )

test('hold the elements that a plain loop finds, within their span', () => {
  fc.assert(
    fc.property(views, view => {
      const span = right(spanOf(view))
      const places = byHand(view)
      assert.is(span, places.length === 0 ? 0 : Math.max(...places) + 1)
      const storage = Float32Array.from({ length: span }, (_, i) => i)
      const bytes = contiguous(bytesOf(storage), view, false)
      assert.equal([...new Float32Array(Uint8Array.from(bytes).buffer)], places)
    }),
  )
})

test('share the bytes of their storage where they lie in order', () => {
  const storage = bytesOf(Float32Array.of(1, 2, 3, 4))
  const view: StridedView = { dtype: 'F32', shape: [1, 2, 1], stride: [9, 1, 7], offset: 1 }
  assert.is(contiguous(storage, view, false).buffer, storage.buffer)
})

test('lie anywhere in memory', () => {
  const storage = new Uint8Array(17).map((_, i) => i).subarray(1)
  const view: StridedView = { dtype: 'I16', shape: [2, 2], stride: [1, 2], offset: 1 }
  assert.equal(contiguous(storage, view, false), Uint8Array.of(3, 4, 7, 8, 5, 6, 9, 10))
  assert.equal(contiguous(storage, view, true), Uint8Array.of(4, 3, 8, 7, 6, 5, 10, 9))
})

test('are refused with sizes, strides or offsets that cannot be', () => {
  const view: StridedView = { dtype: 'F32', shape: [2], stride: [1], offset: 0 }
  assert.match(left(spanOf({ ...view, offset: 0.5 })), /offset/)
  assert.match(left(spanOf({ ...view, offset: -1 })), /offset/)
  assert.match(left(spanOf({ ...view, shape: [Number.NaN] })), /shape/)
  assert.match(left(spanOf({ ...view, stride: [-1] })), /strides/)
  assert.match(left(spanOf({ ...view, stride: [] })), /1 sizes and 0 strides/)
  assert.match(left(spanOf({ ...view, stride: [2 ** 53 - 1], offset: 1 })), /past all bounds/)
  const axes = { shape: new Array(40).fill(1), stride: new Array(40).fill(1) }
  left(spanOf({ ...view, ...axes }))
})

test.run()

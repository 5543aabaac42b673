// Numbers out of bytes: half floats, bfloat16, integers of every width, sizes.
import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import {
  bytesOf,
  elements,
  float32Array,
  float64Array,
  floatsOf,
  halfTable,
  int32Array,
  int64Array,
  integersOf,
  showShape,
} from '../../src/codec/number-array.ts'
import { left, right } from '../support/either.ts'

const test = suite('number arrays')

const words = (dtype: 'F16' | 'BF16', ...bits: ReadonlyArray<number>): ReadonlyArray<number> =>
  Array.from(
    right(floatsOf({ dtype, shape: [bits.length], bytes: bytesOf(Uint16Array.from(bits)) }, 'x')),
  )

test('read half floats: normal, subnormal, zero, infinite, NaN', () => {
  assert.equal(words('F16', 0x3c00, 0xc000, 0x3555, 0x7bff, 0x0001, 0x8000), [
    1,
    -2,
    0.333251953125,
    65504,
    2 ** -24,
    -0,
  ])
  assert.equal(words('F16', 0x7c00, 0xfc00, 0x7e00), [
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    Number.NaN,
  ])
  assert.is(halfTable().length, 65536)
})

test('read bfloat16 as the upper half of a float32', () => {
  assert.equal(words('BF16', 0x3f80, 0xc040, 0x0080), [1, -3, 2 ** -126])
})

test('read float32 and float64 as they are, even where the bytes lie unaligned', () => {
  fc.assert(
    fc.property(fc.float64Array(), fc.float32Array(), fc.nat(7), (wide, narrow, shift) => {
      for (const array of [
        float64Array(wide, [wide.length]),
        float32Array(narrow, [narrow.length]),
      ]) {
        const moved = new Uint8Array(array.bytes.length + shift)
        moved.set(array.bytes, shift)
        const got = right(floatsOf({ ...array, bytes: moved.subarray(shift) }, 'x'))
        assert.equal(bytesOf(got), array.bytes)
      }
    }),
  )
})

test('read integers of every width with their signs', () => {
  const of = (dtype: 'I8' | 'U8' | 'I16' | 'U16' | 'I32' | 'U32' | 'I64' | 'U64' | 'BOOL') =>
    integersOf({ dtype, shape: [8], bytes: new Uint8Array(8).fill(255) }, 'x')
  assert.is(right(of('I8'))[0], -1)
  assert.is(right(of('U8'))[0], 255)
  assert.is(right(of('I16'))[0], -1)
  assert.is(right(of('U16'))[0], 65535)
  assert.is(right(of('I32'))[0], -1)
  assert.is(right(of('U32'))[0], 2 ** 32 - 1)
  assert.is(right(of('I64'))[0], -1)
  assert.is(right(of('U64'))[0], 2 ** 64)
  assert.is(right(of('BOOL'))[0], 255)
  assert.equal(
    right(integersOf(int32Array(Int32Array.of(3, -4), [2]), 'x')),
    Float64Array.of(3, -4),
  )
  assert.equal(right(integersOf(int64Array(BigInt64Array.of(5n), [1]), 'x')), Float64Array.of(5))
})

test('refuse floats for integers and integers for floats', () => {
  assert.match(left(integersOf(float32Array(Float32Array.of(1), [1]), 'y')).what, /F32/)
  assert.match(left(floatsOf(int32Array(Int32Array.of(1), [1]), 'y')).what, /I32/)
})

test('count elements, past 2^53 as infinite', () => {
  assert.is(elements([]), 1)
  assert.is(elements([2, 0, 5]), 0)
  assert.is(elements([2 ** 30, 2 ** 30]), Number.POSITIVE_INFINITY)
  assert.is(showShape([3, 4]), '[3, 4]')
})

test.run()

// Which arrays are the features, and every way in which they may not fit.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import {
  checkLabels,
  checkLastLayer,
  chooseArrays,
  type Described,
  decodeLabels,
  featureShape,
} from '../../src/codec/features.ts'
import { float32Array, int32Array, int64Array } from '../../src/codec/number-array.ts'
import { left, right } from '../support/either.ts'

const test = suite('features in a file')

const f32 = (...shape: ReadonlyArray<number>): Described => ({ dtype: 'F32', shape })
const i64 = (...shape: ReadonlyArray<number>): Described => ({ dtype: 'I64', shape })

const choose = (arrays: Readonly<Record<string, Described>>) =>
  chooseArrays(new Map(Object.entries(arrays)), 'x.npz')

test('are named so, or are the only matrix of floats', () => {
  const named = right(choose({ features: f32(4, 2), extra: f32(4, 2), labels: i64(4) }))
  assert.equal(named, { features: 'features', labels: 'labels', weight: null, bias: null })
  const only = right(choose({ h: f32(4, 2), y: i64(4), weight: f32(2, 2), bias: f32(2) }))
  assert.equal(only, { features: 'h', labels: null, weight: 'weight', bias: 'bias' })
})

test('are asked for by name where several arrays may be meant, or none', () => {
  assert.match(left(choose({ a: f32(4, 2), b: f32(4, 2) })).what, /several/)
  assert.match(left(choose({ labels: i64(4) })).what, /no features/)
  assert.match(left(choose({})).what, /no features/)
})

test('are floats of shape [N, d]', () => {
  assert.equal(right(featureShape(f32(4, 2), 'x')), [4, 2])
  assert.match(left(featureShape(f32(4), 'x')).what, /shape \[4\]/)
  assert.match(left(featureShape(f32(4, 2, 2), 'x')).what, /shape \[4, 2, 2\]/)
  assert.match(left(featureShape(f32(0, 2), 'x')).what, /shape \[0, 2\]/)
  assert.match(left(featureShape(i64(4, 2), 'x')).what, /I64/)
})

test('come with one whole label a row', () => {
  right(checkLabels(i64(4), 4, 'x'))
  assert.match(left(checkLabels(i64(3), 4, 'x')).what, /3 labels for 4 features/)
  assert.match(left(checkLabels(i64(4, 1), 4, 'x')).what, /shape \[4, 1\]/)
  assert.match(left(checkLabels(f32(4), 4, 'x')).what, /F32, not whole/)
})

test('have labels that are not negative and fit 31 bits', () => {
  assert.equal(right(decodeLabels(int32Array(Int32Array.of(2, 0), [2]), 'x')), Int32Array.of(2, 0))
  assert.match(
    left(decodeLabels(int32Array(Int32Array.of(0, -1), [2]), 'x')).what,
    /label -1 in row 1/,
  )
  const huge = int64Array(BigInt64Array.of(0n, 2n ** 40n), [2])
  assert.match(left(decodeLabels(huge, 'x')).what, /label 1099511627776 in row 1/)
  left(decodeLabels(float32Array(Float32Array.of(1), [1]), 'x'))
})

test('may have a last layer of fitting shape', () => {
  right(checkLastLayer(f32(3, 2), f32(3), [3, 2], 'x'))
  right(checkLastLayer(f32(3, 2), null, [3, 2], 'x'))
  assert.match(left(checkLastLayer(f32(2, 3), null, [3, 2], 'x')).what, /weight F32 \[2, 3\]/)
  assert.match(left(checkLastLayer(i64(3, 2), null, [3, 2], 'x')).what, /weight I64/)
  assert.match(left(checkLastLayer(f32(3, 2), f32(3, 1), [3, 2], 'x')).what, /bias F32 \[3, 1\]/)
  assert.match(left(checkLastLayer(f32(3, 2), i64(3), [3, 2], 'x')).what, /bias I64/)
})

test.run()

// mul: the product of two arrays and its gradient.
import * as E from 'fp-ts/Either'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { mul } from '../../kernels/mul.ts'
import { f32, u32 } from '../../src/core/aval.ts'
import { checkOp } from '../support/check-op.ts'

checkOp(mul, {
  attrs: null,
  shapes: [[f32(1)], [f32(17, 5)], [f32(1023)], [f32(1024)], [f32(1025)]].map(([a = f32()]) => [
    a,
    a,
  ]),
})

const test = suite('mul')

test('refuses other shapes, dtypes and numbers of operands', () => {
  assert.ok(E.isLeft(mul.infer([f32(2), f32(1)], null)))
  assert.ok(E.isLeft(mul.infer([u32(2), u32(2)], null)))
  assert.ok(E.isLeft(mul.infer([f32(2)], null)))
})

test.run()

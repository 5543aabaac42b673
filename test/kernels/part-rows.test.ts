// sliceRows and joinRows: words of any dtype, at starts and sizes that fill vec4s and that do not.
import * as E from 'fp-ts/Either'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { joinRows, sliceRows } from '../../kernels/part-rows.ts'
import { f32, u32 } from '../../src/core/aval.ts'
import { checkOp } from '../support/check-op.ts'

for (const attrs of [
  { from: 0, to: 1 },
  { from: 1, to: 7 },
]) {
  checkOp(sliceRows, {
    attrs,
    shapes: [[f32(7)], [f32(7, 8)], [f32(7, 5)], [f32(7, 2, 300)], [f32(7, 1023)]],
    gradients: [],
  })
}
checkOp(sliceRows, {
  attrs: { from: 2, to: 5 },
  shapes: [[u32(9, 3)]],
  operands: [{ below: 2 ** 32 }],
  gradients: [],
})
checkOp(joinRows, {
  attrs: null,
  shapes: [
    [f32(3)],
    [f32(4, 8), f32(1, 8)],
    [f32(2, 5), f32(7, 5), f32(1, 5)],
    [f32(1, 1025), f32(3, 1025)],
  ],
  gradients: [],
})
checkOp(joinRows, {
  attrs: null,
  shapes: [[u32(2, 3), u32(1, 3)]],
  operands: [{ below: 2 ** 32 }, { below: 2 ** 32 }],
  gradients: [],
})

const test = suite('partRows')

test('refuses rows that are not there and arrays that do not go together', () => {
  assert.ok(E.isLeft(sliceRows.infer([f32(3, 2)], { from: 2, to: 4 })))
  assert.ok(E.isLeft(sliceRows.infer([f32(3, 2)], { from: 1, to: 1 })))
  assert.ok(E.isLeft(joinRows.infer([f32(3, 2), f32(3, 1)], null)))
  assert.ok(E.isLeft(joinRows.infer([f32(3, 2), u32(3, 2)], null)))
})

test.run()

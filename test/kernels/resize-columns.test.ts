// padColumns and sliceColumns, each the other's gradient, at the front and in the middle of rows.
import * as E from 'fp-ts/Either'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { padColumns, sliceColumns } from '../../kernels/resize-columns.ts'
import { f32 } from '../../src/core/aval.ts'
import { checkOp } from '../support/check-op.ts'

const shapes = [[f32(1, 5)], [f32(17, 6)], [f32(300, 7)]]
const families = ['tiled'] as const

checkOp(padColumns, { attrs: { width: 7 }, shapes })
checkOp(padColumns, { attrs: { width: 64 }, shapes: [[f32(130, 12)]], families })
checkOp(padColumns, { attrs: { width: 32, start: 8 }, shapes: [[f32(3, 2, 5, 16)]], families })
checkOp(padColumns, { attrs: { width: 9, start: 2 }, shapes: [[f32(7)], [f32(33, 4)]] })
checkOp(sliceColumns, { attrs: { width: 5 }, shapes })
checkOp(sliceColumns, { attrs: { width: 1 }, shapes })
checkOp(sliceColumns, { attrs: { width: 8, start: 4 }, shapes: [[f32(3, 5, 16)]], families })
checkOp(sliceColumns, { attrs: { width: 3, start: 2 }, shapes: [[f32(65, 5)], [f32(2, 3, 8)]] })

const test = suite('resizeColumns')

test('refuses widths on the wrong side', () => {
  assert.ok(E.isLeft(padColumns.infer([f32(2, 3)], { width: 2 })))
  assert.ok(E.isLeft(padColumns.infer([f32(2, 3)], { width: 4, start: 2 })))
  assert.ok(E.isLeft(sliceColumns.infer([f32(2, 3)], { width: 4 })))
  assert.ok(E.isLeft(sliceColumns.infer([f32(2, 3)], { width: 2, start: 2 })))
  assert.ok(E.isLeft(sliceColumns.infer([f32(2, 3)], { width: 0 })))
})

test.run()

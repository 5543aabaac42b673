// padColumns and sliceColumns, each the other's gradient.
import * as E from 'fp-ts/Either'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { padColumns, sliceColumns } from '../../kernels/resize-columns.ts'
import { f32 } from '../../src/core/aval.ts'
import { checkOp } from '../support/check-op.ts'

const shapes = [[f32(1, 5)], [f32(17, 6)], [f32(300, 7)]]

checkOp(padColumns, { attrs: { width: 7 }, shapes })
checkOp(padColumns, { attrs: { width: 64 }, shapes: [[f32(130, 12)]] })
checkOp(sliceColumns, { attrs: { width: 5 }, shapes })
checkOp(sliceColumns, { attrs: { width: 1 }, shapes })

const test = suite('resizeColumns')

test('refuses widths on the wrong side', () => {
  assert.ok(E.isLeft(padColumns.infer([f32(2, 3)], { width: 2 })))
  assert.ok(E.isLeft(sliceColumns.infer([f32(2, 3)], { width: 4 })))
  assert.ok(E.isLeft(sliceColumns.infer([f32(2, 3)], { width: 0 })))
})

test.run()

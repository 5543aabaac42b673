// gatherRows: rows of f32, labels, and an index past the end.
import { gatherRows } from '../../kernels/gather-rows.ts'
import { f32, u32 } from '../../src/core/aval.ts'
import { checkOp } from '../support/check-op.ts'

checkOp(gatherRows, {
  attrs: null,
  shapes: [
    [f32(7, 5), u32(3)],
    [f32(7, 8), u32(33)],
    [f32(7, 2, 3), u32(300)],
  ],
  operands: [undefined, { below: 9 }],
  gradients: [],
})
checkOp(gatherRows, {
  attrs: null,
  shapes: [
    [u32(7), u32(1)],
    [u32(7), u32(1025)],
  ],
  operands: [{ below: 1000 }, { below: 7 }],
  gradients: [],
})

// gatherRows: rows of f32, labels, and an index past the end; and over the second part of a table.
import { gatherFurtherRows, gatherRows } from '../../kernels/gather-rows.ts'
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
checkOp(gatherFurtherRows, {
  attrs: { first: 5 },
  shapes: [
    [f32(4, 5), u32(30), f32(30, 5)],
    [f32(4, 8), u32(33), f32(33, 8)],
  ],
  operands: [undefined, { below: 11 }],
  gradients: [],
})
checkOp(gatherFurtherRows, {
  attrs: { first: 3 },
  shapes: [[u32(4), u32(33), u32(33)]],
  operands: [{ below: 1000 }, { below: 9 }, { below: 1000 }],
  gradients: [],
})

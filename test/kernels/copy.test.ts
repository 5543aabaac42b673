// copy and assign: any dtype, bit for bit; assign leaves its source alone and keeps the pure meaning.
import { assign, copy } from '../../kernels/copy.ts'
import { f32, u32 } from '../../src/core/aval.ts'
import { checkOp } from '../support/check-op.ts'

const bits = { operands: [{ below: 2 ** 32 }, { below: 2 ** 32 }], gradients: [] }

checkOp(copy, { attrs: null, shapes: [[f32(1)], [f32(17, 5)], [f32(1025)]] })
checkOp(copy, { attrs: null, shapes: [[u32(1)], [u32(1023)]], ...bits })
checkOp(assign, {
  attrs: null,
  shapes: [
    [f32(1), f32(1)],
    [f32(17, 5), f32(17, 5)],
  ],
  gradients: [],
})
checkOp(assign, { attrs: null, shapes: [[u32(1025), u32(1025)]], ...bits })

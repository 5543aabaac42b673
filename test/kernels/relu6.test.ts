// relu6 and its gradient: shaders against reference kernels, gradients against finite differences.
import { relu6, relu6Grad } from '../../kernels/relu6.ts'
import { f32 } from '../../src/core/aval.ts'
import { checkOp } from '../support/check-op.ts'

const wide = { low: -3, high: 9 }

checkOp(relu6, {
  attrs: null,
  shapes: [[f32(1)], [f32(3)], [f32(17, 5)], [f32(1023)], [f32(1024)], [f32(1025)]],
  operands: [wide],
})
checkOp(relu6, { attrs: null, shapes: [[f32(33)]], operands: [{ below: 8 }], gradients: [] })
checkOp(relu6Grad, {
  attrs: null,
  shapes: [
    [f32(1), f32(1)],
    [f32(17, 5), f32(17, 5)],
  ],
  operands: [wide],
  gradients: [1],
})

// addRelu: shaders against reference kernels, gradients against finite differences.
import { addRelu } from '../../kernels/add-relu.ts'
import { f32 } from '../../src/core/aval.ts'
import { checkOp } from '../support/check-op.ts'

checkOp(addRelu, {
  attrs: null,
  shapes: [f32(1), f32(3), f32(17, 5), f32(1023), f32(1025)].map(x => [x, x]),
})

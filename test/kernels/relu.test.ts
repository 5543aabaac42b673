// relu and its gradient: shaders against reference kernels, gradients against finite differences.
import { relu, reluGrad } from '../../kernels/relu.ts'
import { f32 } from '../../src/core/aval.ts'
import { checkOp } from '../support/check-op.ts'

checkOp(relu, {
  attrs: null,
  shapes: [[f32(1)], [f32(3)], [f32(17, 5)], [f32(1023)], [f32(1024)], [f32(1025)]],
})
checkOp(reluGrad, {
  attrs: null,
  shapes: [
    [f32(1), f32(1)],
    [f32(17, 5), f32(17, 5)],
  ],
  gradients: [1],
})

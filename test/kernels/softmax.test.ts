// softmax: shaders and gradient at edge shapes, large logits, shared rows.
import { softmax } from '../../kernels/softmax.ts'
import { f32 } from '../../src/core/aval.ts'
import { checkOp } from '../support/check-op.ts'

const families = ['tiled'] as const

checkOp(softmax, {
  attrs: null,
  shapes: [
    [f32(1)],
    [f32(3, 5)],
    [f32(2, 3, 4)],
    [f32(65, 17)],
    [f32(7, 64)],
    [f32(5, 1000)],
    [f32(3, 1023)],
  ],
  families,
})
checkOp(softmax, {
  attrs: null,
  shapes: [[f32(9, 8)], [f32(9, 300)]],
  operands: [{ low: -300, high: 300 }],
  tolerance: 1e-4,
  gradients: [],
  families,
})

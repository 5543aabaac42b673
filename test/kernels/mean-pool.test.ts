// meanPool: shaders and gradients over images and tokens, in one pass and in two.
import { meanPool } from '../../kernels/mean-pool.ts'
import { f32 } from '../../src/core/aval.ts'
import { checkOp } from '../support/check-op.ts'

checkOp(meanPool, {
  attrs: null,
  shapes: [
    [f32(1, 1, 1)],
    [f32(3, 2, 2, 5)],
    [f32(2, 7, 7, 64)],
    [f32(33, 17, 3)],
    [f32(2, 67, 4)],
    [f32(3, 8, 8, 4)],
    [f32(2, 32, 16, 7)],
  ],
  families: ['tiled'],
})

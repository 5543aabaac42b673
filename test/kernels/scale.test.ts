// scale: multiplication by a constant and its gradient.
import { scale } from '../../kernels/scale.ts'
import { f32 } from '../../src/core/aval.ts'
import { checkOp } from '../support/check-op.ts'

const shapes = [[f32(1)], [f32(17, 5)], [f32(1025)]]

checkOp(scale, { attrs: { factor: -1.5 }, shapes })
checkOp(scale, { attrs: { factor: 0 }, shapes: [[f32(3)]] })

// scaleBy and dot, each the other's gradient; dot over one chunk, two, and an odd rest.
import { dot, scaleBy } from '../../kernels/scale-by.ts'
import { f32 } from '../../src/core/aval.ts'
import { checkOp } from '../support/check-op.ts'

checkOp(scaleBy, {
  attrs: null,
  shapes: [
    [f32(1), f32(1)],
    [f32(17, 5), f32(1)],
    [f32(1025), f32(1)],
  ],
})
checkOp(dot, {
  attrs: null,
  shapes: [[f32(1)], [f32(63)], [f32(17, 5)], [f32(4096)], [f32(4097)]].map(([a = f32()]) => [
    a,
    a,
  ]),
})
checkOp(dot, {
  attrs: null,
  shapes: [[f32(1, 5_000_001), f32(1, 5_000_001)]],
  operands: [
    { low: 0, high: 1 },
    { low: 0, high: 1 },
  ],
  gradients: [],
})

// batchNormEval: shaders and gradients at edge shapes, with what may follow the normalisation.
import { batchNormEval } from '../../kernels/batch-norm-eval.ts'
import { f32 } from '../../src/core/aval.ts'
import { checkOp } from '../support/check-op.ts'

const site = (...x: ReadonlyArray<number>) => {
  const width = f32(x.at(-1) ?? 1)
  return [f32(...x), width, width, width, width]
}
const shapes = [
  site(1),
  site(3, 4),
  site(5, 3, 5),
  site(4, 2, 3, 8),
  site(7, 31),
  site(65, 9, 1, 12),
]
const families = ['tiled'] as const
const positive = { low: 0.5, high: 2 }

checkOp(batchNormEval, {
  attrs: { eps: 1e-5 },
  shapes,
  operands: [undefined, undefined, undefined, undefined, positive],
  gradients: [0, 1, 2],
  families,
})

const half = () => new Float32Array(64).fill(1.5)
for (const activation of ['relu', 'relu6'] as const) {
  checkOp(batchNormEval, {
    attrs: { eps: 1e-3, activation },
    shapes,
    operands: [
      { below: 4 },
      { low: 4, high: 5 },
      { low: 0, high: 0.1 },
      half,
      { low: 1, high: 1.01 },
    ],
    gradients: [0, 1, 2],
    families,
  })
}

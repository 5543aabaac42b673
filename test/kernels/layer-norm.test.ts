// layerNorm: shaders and gradients at edge shapes, rows with a large mean.
import { layerNorm } from '../../kernels/layer-norm.ts'
import { type Aval, f32 } from '../../src/core/aval.ts'
import { checkOp } from '../support/check-op.ts'

const site = (...x: ReadonlyArray<number>) => {
  const width = x.at(-1) ?? 1
  return [f32(...x), f32(width), f32(width)]
}
const families = ['tiled'] as const

/** The first number of every row is as far from the row's mean as any can be; moments are shifted by it and others. */
const firstFarOff = ({ shape: [, width = 1] }: Aval) =>
  Float32Array.from({ length: 35 * 1023 }, (_, i) => (i % width === 0 ? 1e4 : Math.sin(i)))

checkOp(layerNorm, {
  attrs: { eps: 1e-6 },
  shapes: [
    site(3, 5),
    site(1, 4),
    site(2, 3, 8),
    site(65, 7),
    site(70, 64),
    site(5, 768),
    site(3, 1023),
  ],
  ports: [0],
  families,
})
checkOp(layerNorm, {
  attrs: { eps: 1e-6 },
  shapes: [site(4, 64), site(4, 63)],
  operands: [{ low: 1000, high: 1001 }],
  tolerance: 1e-3,
  gradients: [],
  families,
})
checkOp(layerNorm, {
  attrs: { eps: 1e-6 },
  shapes: [site(35, 768), site(3, 1023)],
  operands: [firstFarOff],
  tolerance: 1e-4,
  gradients: [],
  families,
})
checkOp(layerNorm, {
  attrs: { eps: 1e-3 },
  shapes: [site(1), site(300, 1)],
  gradients: [],
  families,
})

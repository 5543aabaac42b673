// batchNorm: shaders and gradients at edge shapes, masked images, large means; running moments as PyTorch's.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { batchNorm, runningMoments } from '../../kernels/batch-norm.ts'
import { type Aval, f32, sizeOf } from '../../src/core/aval.ts'
import { checkOp } from '../support/check-op.ts'

const site = (...x: ReadonlyArray<number>) => {
  const width = x.at(-1) ?? 1
  return [f32(...x), f32(width), f32(width), f32(x[0] ?? 1)]
}
const masked = () => {
  let i = 0
  return Float32Array.from({ length: 1000 }, () => [1, 0, 0.25][i++ % 3] ?? 0)
}
/** Every column near 0 and near 1 in turn: far from its mean, where what follows bends. */
const twoHeaps = (aval: Aval) => {
  const width = aval.shape.at(-1) ?? 1
  return Float32Array.from({ length: sizeOf(aval) }, (_, i) => {
    const row = Math.floor(i / width)
    return ((row + (i % width)) % 2) + 0.1 * (row % 3)
  })
}
const families = ['tiled'] as const
const shapes = [
  site(5, 1),
  site(3, 4),
  site(5, 3, 5),
  site(4, 2, 3, 8),
  site(7, 31),
  site(65, 9, 1, 12),
]
const real = { low: 1, high: 2 }
const operands = [undefined, { low: 0.5, high: 1.5 }, undefined, real]

checkOp(batchNorm, {
  attrs: { eps: 1e-5 },
  shapes,
  operands,
  ports: [0],
  gradients: [0, 1, 2],
  families,
})
for (const activation of ['relu', 'relu6'] as const) {
  checkOp(batchNorm, {
    attrs: { eps: 1e-3, activation },
    shapes: [site(4, 4), site(5, 3, 5), site(7, 2, 3, 8), site(65, 9, 1, 12)],
    operands: [twoHeaps, { low: 20, high: 21 }, { low: 0.1, high: 0.3 }, masked],
    ports: [0],
    gradients: [0, 1, 2],
    families,
  })
}
checkOp(batchNorm, {
  attrs: { eps: 1e-5 },
  shapes: [site(33, 16, 16, 16), site(130, 70, 5)],
  operands: [{ low: 1000, high: 1001 }, real, undefined, masked],
  tolerance: 2e-3,
  gradients: [],
  families,
})
checkOp(runningMoments, {
  attrs: { momentum: 0.1 },
  shapes: [1, 3, 64, 1030].map(c => [f32(c), f32(c), f32(c), f32(c), f32(1)]),
  operands: [undefined, undefined, undefined, real, { low: 2, high: 9 }],
  gradients: [],
})

const test = suite('batchNorm')

test('gives the moments of the images that count, whatever the others hold', () => {
  const x = Float32Array.of(1, 10, 3, 30, 1e9, -1e9)
  const [, mean, variance, count] = batchNorm.oracle(
    [x, Float32Array.of(1, 1), Float32Array.of(0, 0), Float32Array.of(1, 1, 0)],
    { attrs: { eps: 0 }, ins: site(3, 2), outs: [] },
  )
  assert.equal([...(mean ?? [])], [2, 20])
  assert.equal([...(variance ?? [])], [1, 100])
  assert.equal([...(count ?? [])], [2])
})

test('moves running moments by a tenth, with the unbiased variance, and not at all without rows', () => {
  const old = [Float32Array.of(1), Float32Array.of(2), Float32Array.of(3), Float32Array.of(4)]
  const at = { attrs: { momentum: 0.1 }, ins: [], outs: [] }
  const [mean, variance] = runningMoments.oracle([...old, Float32Array.of(5)], at)
  assert.ok(Math.abs((mean?.[0] ?? 0) - 1.2) < 1e-6)
  assert.ok(Math.abs((variance?.[0] ?? 0) - (0.9 * 2 + 0.1 * 5)) < 1e-6)
  assert.equal(
    runningMoments.oracle([...old, Float32Array.of(0)], at).map(d => d[0]),
    [1, 2],
  )
})

test.run()

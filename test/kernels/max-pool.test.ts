// maxPool2d: shaders and gradients over windows, edges and ties; places as PyTorch's.
import * as E from 'fp-ts/Either'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { maxPool2d } from '../../kernels/max-pool.ts'
import { f32 } from '../../src/core/aval.ts'
import { checkOp } from '../support/check-op.ts'

/** Numbers a tenth apart, none twice in an image: no window bends under a finite difference. */
const apart = () => Float32Array.from({ length: 20_000 }, (_, i) => ((i * 7919) % 19_997) / 10)
const small = [[f32(1, 3, 3, 1)], [f32(1, 6, 5, 64)]]
const shapes = [...small, [f32(2, 7, 5, 4)], [f32(2, 8, 9, 5)], [f32(1, 17, 16, 12)]]

for (const [kernel, stride, padding] of [
  [3, 2, 1],
  [2, 2, 0],
  [3, 1, 1],
  [1, 2, 0],
  [2, 3, 1],
  [3, 3, 0],
] as const) {
  const attrs = { kernel, stride, padding }
  checkOp(maxPool2d, { attrs, shapes, operands: [apart], ports: [0], families: ['tiled'] })
  checkOp(maxPool2d, { attrs, shapes, operands: [{ below: 3 }], gradients: [] })
  checkOp(maxPool2d, { attrs, shapes, operands: [{ low: -9, high: -1 }], gradients: [] })
}

// Windows that reach too far for what they share to be kept.
for (const kernel of [5, 7]) {
  const attrs = { kernel, stride: 1, padding: (kernel - 1) / 2 }
  checkOp(maxPool2d, { attrs, shapes: small, operands: [apart], ports: [0] })
  checkOp(maxPool2d, { attrs, shapes, operands: [{ below: 9 }], gradients: [] })
}

const test = suite('maxPool2d')

test('gives the first place of equal values', () => {
  const [y, index] = maxPool2d.oracle([Float32Array.of(0, 5, 5, 0, 5, 5, 0, 0, 0)], {
    attrs: { kernel: 3, stride: 2, padding: 1 },
    ins: [f32(1, 3, 3, 1)],
    outs: [f32(1, 2, 2, 1)],
  })
  assert.equal([...(y ?? [])], [5, 5, 5, 5])
  assert.equal([...(index ?? [])], [1, 1, 4, 4])
})

test('refuses windows larger than the image and padding of more than half', () => {
  const attrs = { kernel: 3, stride: 1, padding: 0 }
  assert.ok(E.isLeft(maxPool2d.infer([f32(1, 2, 3, 1)], attrs)))
  assert.ok(E.isLeft(maxPool2d.infer([f32(1, 9, 9, 1)], { ...attrs, padding: 2 })))
  assert.ok(E.isLeft(maxPool2d.infer([f32(9, 9, 1)], attrs)))
})

test.run()

// avgPool2d: shaders and gradients over windows and edges; a kernel of 1 takes every second row and column.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { avgPool2d } from '../../kernels/avg-pool.ts'
import { f32 } from '../../src/core/aval.ts'
import { checkOp } from '../support/check-op.ts'

const small = [[f32(1, 3, 3, 1)], [f32(1, 6, 5, 64)]]
const shapes = [...small, [f32(2, 7, 5, 4)], [f32(2, 8, 9, 5)], [f32(1, 17, 16, 12)]]

for (const [kernel, stride, padding] of [
  [3, 2, 1],
  [2, 2, 0],
  [3, 1, 1],
  [1, 2, 0],
  [2, 3, 1],
  [5, 1, 2],
] as const) {
  checkOp(avgPool2d, { attrs: { kernel, stride, padding }, shapes, families: ['tiled'] })
}

const test = suite('avgPool2d')

test('counts the zeros of the padding, and thins an image where the kernel is 1', () => {
  const x = Float32Array.from({ length: 9 }, (_, i) => i + 1)
  const ins = [f32(1, 3, 3, 1)]
  const outs = [f32(1, 2, 2, 1)]
  const padded = { kernel: 2, stride: 2, padding: 1 }
  const [mean] = avgPool2d.oracle([x], { attrs: padded, ins, outs })
  assert.equal([...(mean ?? [])], [0.25, 1.25, 2.75, 7])
  const thin = { kernel: 1, stride: 2, padding: 0 }
  assert.equal([...(avgPool2d.oracle([x], { attrs: thin, ins, outs })[0] ?? [])], [1, 3, 7, 9])
})

test.run()

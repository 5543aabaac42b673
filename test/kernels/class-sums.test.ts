// classSums: sums and counts by class; masked rows and labels past the last class are left out.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { classSums } from '../../kernels/class-sums.ts'
import { f32, u32 } from '../../src/core/aval.ts'
import { checkOp } from '../support/check-op.ts'

const site = (classes: number, width: number, batch: number) => [
  f32(classes, width),
  f32(classes),
  f32(batch, width),
  u32(batch),
  f32(batch),
]

checkOp(classSums, {
  attrs: null,
  shapes: [site(1, 1, 1), site(3, 63, 17), site(5, 64, 128), site(4, 65, 9), site(7, 784, 32)],
  operands: [undefined, { low: 0, high: 9 }, undefined, { below: 6 }, { below: 2 }],
  gradients: [],
})

const test = suite('classSums')

test('leaves out a masked row even where it holds no number', () => {
  const [sums, counts] = classSums.oracle(
    [
      new Float32Array(4),
      new Float32Array(2),
      Float32Array.of(1, 2, Number.NaN, 5, 3, 4),
      Uint32Array.of(1, 0, 1),
      Float32Array.of(1, 0, 1),
    ],
    { attrs: null, ins: site(2, 2, 3), outs: [f32(2, 2), f32(2)] },
  )
  assert.equal([...(sums ?? [])], [0, 0, 4, 6])
  assert.equal([...(counts ?? [])], [0, 2])
})

test.run()

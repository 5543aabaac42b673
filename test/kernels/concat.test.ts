// concat: shaders and slices as gradients, aligned widths and others, one array and many.
import * as E from 'fp-ts/Either'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { concat } from '../../kernels/concat.ts'
import { f32 } from '../../src/core/aval.ts'
import { checkOp } from '../support/check-op.ts'

checkOp(concat, {
  attrs: null,
  shapes: [
    [f32(3)],
    [f32(2, 3), f32(2, 5)],
    [f32(5, 2, 2, 8), f32(5, 2, 2, 4), f32(5, 2, 2, 12)],
    [f32(65, 4), f32(65, 3), f32(65, 1), f32(65, 8)],
  ],
  families: ['tiled'],
})

const test = suite('concat')

test('puts rows side by side and refuses unlike ones', () => {
  const ins = [f32(2, 1), f32(2, 2)]
  const data = [Float32Array.of(1, 4), Float32Array.of(2, 3, 5, 6)]
  const [y] = concat.oracle(data, { attrs: null, ins, outs: [f32(2, 3)] })
  assert.equal([...(y ?? [])], [1, 2, 3, 4, 5, 6])
  assert.ok(E.isLeft(concat.infer([f32(2, 3), f32(3, 3)], null)))
  assert.ok(E.isLeft(concat.infer([], null)))
})

test.run()

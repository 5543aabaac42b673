// argmax: every width of a row's group of lanes, ties, and rows below zero.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { argmax } from '../../kernels/argmax.ts'
import { f32, u32 } from '../../src/core/aval.ts'
import { checkOp } from '../support/check-op.ts'

const shapes = [
  [f32(1, 1)],
  [f32(65, 5)],
  [f32(3, 17)],
  [f32(5, 33)],
  [f32(9, 200)],
  [f32(2, 5000)],
]

checkOp(argmax, { attrs: null, shapes, gradients: [] })
checkOp(argmax, { attrs: null, shapes, operands: [{ below: 3 }], gradients: [] })
checkOp(argmax, { attrs: null, shapes, operands: [{ low: -9, high: -8 }], gradients: [] })

const test = suite('argmax')

test('takes the lowest of equal columns', () => {
  const site = { attrs: null, ins: [f32(2, 3)], outs: [u32(2)] }
  const [places] = argmax.oracle([Float32Array.of(1, 2, 2, 5, 5, 5)], site)
  assert.equal([...(places ?? [])], [1, 0])
})

test.run()

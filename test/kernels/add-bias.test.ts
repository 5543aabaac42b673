// addBias and sumRows, each the other's gradient, at widths around the vec4 and at rows around the chunk.
import * as E from 'fp-ts/Either'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { addBias, sumRows } from '../../kernels/add-bias.ts'
import { f32 } from '../../src/core/aval.ts'
import { checkOp } from '../support/check-op.ts'

checkOp(addBias, {
  attrs: null,
  shapes: [
    [f32(1, 1), f32(1)],
    [f32(5, 2), f32(2)],
    [f32(7, 3), f32(3)],
    [f32(2, 3, 10), f32(10)],
    [f32(128, 784), f32(784)],
  ],
})
checkOp(sumRows, {
  attrs: null,
  shapes: [
    [f32(1, 1)],
    [f32(31, 3)],
    [f32(33, 5)],
    [f32(2, 3, 10)],
    [f32(128, 100)],
    [f32(10_007, 6)],
  ],
})

const test = suite('addBias')

test('refuses a bias of another width', () => {
  assert.ok(E.isLeft(addBias.infer([f32(2, 3), f32(2)], null)))
  assert.ok(E.isLeft(addBias.infer([f32(2, 3), f32(1, 3)], null)))
})

test.run()

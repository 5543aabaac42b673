// fill: a constant of a shape, without operands.
import * as E from 'fp-ts/Either'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { fill } from '../../kernels/fill.ts'
import { checkOp } from '../support/check-op.ts'

for (const shape of [[1], [17, 5], [1024], [1025]]) {
  checkOp(fill, { attrs: { shape, value: -2.5 }, shapes: [[]], gradients: [] })
}

const test = suite('fill')

test('refuses shapes that are no shapes', () => {
  assert.ok(E.isLeft(fill.infer([], { shape: [0], value: 1 })))
  assert.ok(E.isLeft(fill.infer([], { shape: [2.5], value: 1 })))
})

test.run()

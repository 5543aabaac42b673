// Trace: numbering, sharing, and all shape errors in one answer.
import * as E from 'fp-ts/Either'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { add } from '../../kernels/add.ts'
import { relu } from '../../kernels/relu.ts'
import { f32 } from '../../src/core/aval.ts'
import { apply } from '../../src/core/op.ts'
import { trace } from '../../src/core/trace.ts'
import { arg, showShapeErrors } from '../../src/core/value.ts'
import { right } from '../support/engines.ts'

const test = suite('trace')

const x = arg('x', f32(2, 3))
const plus = apply(add, null)

test('computes a shared value once', () => {
  const r = apply(relu, null)(x)
  const program = right(trace({ outputs: { a: plus(r, r), b: r } }), showShapeErrors)
  assert.equal(
    program.instructions.map(i => i.primitive.name),
    ['relu', 'add'],
  )
  assert.equal(program.args, [{ name: 'x', id: 0 }])
})

test('gives every shape error of every root at once', () => {
  const bad1 = plus(x, arg('u', f32(3)))
  const bad2 = apply(relu, null)(plus(arg('v', f32(1)), x))
  const traced = trace({ outputs: { bad1, bad2 } })
  assert.ok(E.isLeft(traced) && traced.left.length === 2)
})

test('refuses one name with two shapes', () => {
  const traced = trace({ outputs: { a: x, b: arg('x', f32(6)) } })
  assert.ok(E.isLeft(traced) && /used as/.test(showShapeErrors(traced.left)))
})

test('refuses an update of another shape', () => {
  const traced = trace({ outputs: { a: x }, updates: { x: arg('y', f32(2)) } })
  assert.ok(E.isLeft(traced) && /updated from/.test(showShapeErrors(traced.left)))
})

test('refuses dimensions that are not positive whole numbers', () => {
  for (const n of [0, -1, 1.5, Number.NaN]) {
    assert.ok(E.isLeft(trace({ outputs: { a: arg('z', f32(n)) } })), `${n}`)
  }
})

test.run()

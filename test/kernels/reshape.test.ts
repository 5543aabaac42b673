// reshape: the same numbers under another shape, without work where nobody else reads them.
import * as E from 'fp-ts/Either'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { add } from '../../kernels/add.ts'
import { relu } from '../../kernels/relu.ts'
import { moves } from '../../kernels/moves.ts'
import { reshape } from '../../kernels/reshape.ts'
import { f32 } from '../../src/core/aval.ts'
import { apply } from '../../src/core/op.ts'
import { trace } from '../../src/core/trace.ts'
import { arg, showShapeErrors } from '../../src/core/value.ts'
import { makePlan } from '../../src/plan/plan.ts'
import { checkOp } from '../support/check-op.ts'
import { right } from '../support/engines.ts'

checkOp(reshape, { attrs: { shape: [3, 4] }, shapes: [[f32(12)], [f32(2, 6)], [f32(3, 4)]] })

const test = suite('reshape')
const target = {
  family: 'tiled',
  limits: {
    maxWorkgroups: 65_535,
    maxBindingBytes: 2 ** 27,
    maxBufferBytes: 2 ** 28,
    maxTextureSize: 8192,
    workgroupBytes: 16_384,
  },
} as const

test('runs nothing where its operand is read by nobody else', () => {
  const flat = apply(reshape, { shape: [12] })(apply(relu, null)(arg('x', f32(3, 4))))
  const program = right(trace({ outputs: { y: apply(relu, null)(flat) } }), showShapeErrors)
  const plan = right(makePlan(moves, target)(program))
  assert.equal(
    plan.steps.map(step => step.op),
    ['relu', 'relu'],
  )
})

test('leaves the operand whole where it is read again', () => {
  const x = apply(relu, null)(arg('x', f32(3, 4)))
  const flat = apply(relu, null)(apply(reshape, { shape: [12] })(x))
  const y = apply(add, null)(x, apply(reshape, { shape: [3, 4] })(flat))
  const plan = right(makePlan(moves, target)(right(trace({ outputs: { y } }), showShapeErrors)))
  assert.ok(plan.steps.length <= 4, plan.steps.map(step => step.op).join(' '))
})

test('refuses another number of elements', () => {
  assert.ok(E.isLeft(reshape.infer([f32(3, 4)], { shape: [3, 5] })))
  assert.ok(E.isLeft(reshape.infer([f32(3, 4)], { shape: [-3, -4] })))
})

test.run()

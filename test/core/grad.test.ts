// Reverse mode: gradients by hand, accumulation over several uses, and nothing computed for what is frozen.
import * as O from 'fp-ts/Option'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { add } from '../../kernels/add.ts'
import { mul } from '../../kernels/mul.ts'
import { relu } from '../../kernels/relu.ts'
import { f32 } from '../../src/core/aval.ts'
import { interpret } from '../../src/core/interpret.ts'
import { apply } from '../../src/core/op.ts'
import { trace } from '../../src/core/trace.ts'
import { arg, showShapeErrors, type Value } from '../../src/core/value.ts'
import { grad } from '../../src/nn/gradient.ts'
import { right } from '../support/engines.ts'

const test = suite('gradient')

const x = arg('x', f32(3))
const y = arg('y', f32(3))
const times = apply(mul, null)
const plus = apply(add, null)
const named = { x: Float32Array.of(1, -2, 3), y: Float32Array.of(5, 7, -11) }

const gradients = (loss: Value, ...wanted: ReadonlyArray<Value>) => {
  const found = grad(loss, wanted).map(O.toUndefined)
  const outputs = Object.fromEntries(
    found.flatMap((g, i) => (g === undefined ? [] : [[`${i}`, g] as const])),
  )
  const program = right(trace({ outputs }), showShapeErrors)
  return { program, values: interpret(program, named).outputs }
}

test('of a product is the other factor', () => {
  const { values } = gradients(times(x, y), x, y)
  assert.equal([...(values['0'] ?? [])], [5, 7, -11])
  assert.equal([...(values['1'] ?? [])], [1, -2, 3])
})

test('adds up over all uses of a value', () => {
  const { values } = gradients(plus(times(x, x), times(x, y)), x)
  assert.equal([...(values['0'] ?? [])], [7, 3, -5])
})

test('flows through an intermediate value that is wanted too', () => {
  const s = times(x, y)
  const { values } = gradients(times(s, s), x, s)
  assert.equal([...(values['1'] ?? [])], [10, -28, -66])
  assert.equal([...(values['0'] ?? [])], [50, -196, 726])
})

test('is none for what the loss does not depend on', () => {
  assert.ok(O.isNone(grad(times(x, x), [y])[0] ?? O.none))
})

test('never enters the frozen part', () => {
  const frozen = apply(relu, null)(times(x, x))
  const { program } = gradients(times(frozen, y), y)
  const names = program.instructions.map(i => i.primitive.name)
  assert.not.ok(names.includes('reluGrad'), names.join(' '))
  assert.is(names.filter(n => n === 'relu').length, 1)
})

test('of a value with shape errors carries the errors to trace', () => {
  const wrong = times(x, arg('z', f32(4)))
  const [g] = grad(wrong, [x])
  const value = g !== undefined && O.isSome(g) ? g.value : wrong
  assert.is(trace({ outputs: { value } })._tag, 'Left')
})

test.run()

// Programs side by side: shared arguments are one array, own ones are apart, and each does what it does alone.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { add } from '../../kernels/add.ts'
import { relu } from '../../kernels/relu.ts'
import { f32 } from '../../src/core/aval.ts'
import { interpret } from '../../src/core/interpret.ts'
import { apply } from '../../src/core/op.ts'
import { type Program, trace } from '../../src/core/trace.ts'
import { arg } from '../../src/core/value.ts'
import { ownName, sideBySide } from '../../src/transfer/probe-program.ts'
import { right } from '../support/either.ts'

const test = suite('programs side by side')

const shape = f32(2)

/** sum <- sum + relu(x + its own weights); the sum comes out. */
const counting = (weights: string): Program => {
  const rectified = apply(relu, null)(apply(add, null)(arg('x', shape), arg(weights, shape)))
  const sum = apply(add, null)(arg('sum', shape), rectified)
  return right(trace({ outputs: { sum }, updates: { sum } }))
}

const both = sideBySide(
  [
    { own: 'a', program: counting('v') },
    { own: 'b', program: counting('w') },
  ],
  name => name === 'sum',
)

test('share what has one name, and keep apart what is their own', () => {
  assert.equal(both.args.map(({ name }) => name).sort(), ['sum/a', 'sum/b', 'v', 'w', 'x'])
  assert.equal(
    both.updates.map(({ name }) => name),
    ['sum/a', 'sum/b'],
  )
  assert.is(both.avals.length, 5 + 2 * 3)
  assert.is(new Set(both.args.map(({ id }) => id)).size, both.args.length)
})

test('do what each does alone', () => {
  const shared = { x: Float32Array.of(1, -4) }
  const [v, w] = [Float32Array.of(2, 3), Float32Array.of(-3, 9)]
  const [first, second] = [Float32Array.of(10, 20), Float32Array.of(30, 40)]
  const { outputs, updates } = interpret(both, {
    ...{ ...shared, v, w },
    ...{ [ownName('sum', 'a')]: first, [ownName('sum', 'b')]: second },
  })
  const alone = [
    interpret(counting('v'), { ...shared, v, sum: first }),
    interpret(counting('w'), { ...shared, w, sum: second }),
  ]
  assert.equal(
    [...Object.values(outputs)],
    alone.map(({ outputs: { sum } }) => sum),
  )
  assert.equal(outputs['sum/a'], Float32Array.of(13, 20))
  assert.equal(outputs['sum/b'], Float32Array.of(30, 45))
  assert.equal(Object.keys(updates), ['sum/a', 'sum/b'])
})

test.run()

// The batch norm layer: PyTorch's names and starts, batch moments in training, running ones elsewhere.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { f32, u32 } from '../../src/core/aval.ts'
import { parameters } from '../../src/core/tree.ts'
import { arg } from '../../src/core/value.ts'
import { batchNorm } from '../../src/nn/batch-norm.ts'
import { evaluation, type Mode } from '../../src/nn/layer.ts'
import { applied, evaluate } from '../support/evaluate.ts'

const training = (moments: 'batch' | 'running'): Mode => ({
  _tag: 'Train',
  weights: arg('weights', f32(3)),
  random: arg('random', u32(2)),
  moments,
})
const x = f32(3, 2)
const args = {
  x: Float32Array.of(1, 8, 3, 4, 100, 100),
  weight: Float32Array.of(2, 1),
  bias: Float32Array.of(0, 1),
  running_mean: Float32Array.of(1, 2),
  running_var: Float32Array.of(4, 4),
  weights: Float32Array.of(1, 1, 0),
}
const near = (actual: ArrayLike<number> | undefined, expected: ReadonlyArray<number>): void => {
  assert.is(actual?.length, expected.length)
  expected.forEach((e, i) => {
    assert.ok(Math.abs((actual?.[i] ?? Number.NaN) - e) < 1e-3, `${actual?.[i]} is not ${e}`)
  })
}

const test = suite('batchNorm layer')

test('names and starts its arrays as PyTorch does', () => {
  const { params, state } = applied(batchNorm(), evaluation, x)
  const starts = (tree: typeof params | typeof state) =>
    parameters(tree).map(([path, { aval, initialiser }]) => [path, aval.shape, initialiser])
  const constant = (value: number) => ({ _tag: 'Constant', value })
  assert.equal(starts(params), [
    ['weight', [2], constant(1)],
    ['bias', [2], constant(0)],
  ])
  assert.equal(starts(state), [
    ['running_mean', [2], constant(0)],
    ['running_var', [2], constant(1)],
  ])
})

test('takes the moments of the real rows in training and moves the running ones', () => {
  const { y, next } = applied(batchNorm(), training('batch'), x)
  const { running_mean: mean, running_var: variance } = next
  const found = evaluate({ y, mean, variance }, args)
  near(found.y, [-2, 2, 2, 0, 196, 48])
  near(found.mean, [1.1, 2.4])
  near(found.variance, [3.6 + 0.2, 3.6 + 0.8])
})

test('takes the running moments in evaluation and in frozen blocks, and leaves them', () => {
  for (const mode of [evaluation, training('running')]) {
    const { y, next } = applied(batchNorm('relu'), mode, x)
    near(evaluate({ y }, args).y, [0, 4, 2, 2, 99, 50])
    assert.is(next.running_mean._tag, 'Arg')
  }
})

test.run()

// The dropout layer: drops in training, by its name, and nothing in evaluation.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { f32, u32 } from '../../src/core/aval.ts'
import { arg } from '../../src/core/value.ts'
import { dropout } from '../../src/nn/dropout.ts'
import { evaluation, type Mode } from '../../src/nn/layer.ts'
import { applied, evaluate } from '../support/evaluate.ts'

const training: Mode = {
  _tag: 'Train',
  weights: arg('weights', f32(1)),
  random: arg('random', u32(2)),
  moments: 'batch',
}
const x = f32(1, 1000)
const run = (name: string, mode: Mode, step = 0) =>
  evaluate(
    { y: applied(dropout(0.5, name), mode, x).y },
    { x: new Float32Array(1000).fill(1), random: Uint32Array.of(7, step) },
  ).y ?? new Float32Array(0)

const test = suite('dropout layer')

test('passes its input through in evaluation', () => {
  const { y } = applied(dropout(0.5, 'a'), evaluation, x)
  assert.is(y._tag, 'Arg')
})

test('drops a share in training, other elements under another name and in another step', () => {
  const first = run('a', training)
  const zeros = first.filter(v => v === 0).length
  assert.ok(zeros > 400 && zeros < 600, `${zeros} of 1000`)
  assert.equal(run('a', training), first)
  assert.not.equal(run('b', training), first)
  assert.not.equal(run('a', training, 1), first)
})

test.run()

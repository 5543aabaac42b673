// Classes, probabilities and scores of logits.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { guessOf, scoresOf } from '../../../cli/predict/rank.ts'

const test = suite('ranks')

test('name the likeliest classes first, the lower of equal ones before', () => {
  const { classes, probabilities } = guessOf(Float32Array.of(0, Math.log(2), 0, Math.log(4)), 3)
  assert.equal(classes, [3, 1, 0])
  probabilities.forEach((p, i) => {
    assert.ok(Math.abs(p - ([0.5, 0.25, 0.125][i] ?? 0)) < 1e-7)
  })
})

test('stay finite where logits are large', () => {
  assert.equal(guessOf(Float32Array.of(1000, -1000), 2).probabilities, [1, 0])
})

test('score hits, near hits and the cross-entropy', () => {
  const logits = Float32Array.of(6, 5, 4, 3, 2, 1, 6, 5, 4, 3, 2, 1, 6, 5, 4, 3, 2, 1)
  const { accuracy, top5, loss } = scoresOf(logits, 6, Uint32Array.of(0, 4, 5))
  assert.is(accuracy, 1 / 3)
  assert.is(top5, 2 / 3)
  const total = Math.log([6, 5, 4, 3, 2, 1].reduce((sum, x) => sum + Math.exp(x), 0))
  assert.ok(Math.abs(loss - (3 * total - 6 - 2 - 1) / 3) < 1e-6)
})

test('take the lower of equal logits, and labels beyond the classes as misses', () => {
  assert.is(scoresOf(Float32Array.of(1, 1), 2, Uint32Array.of(0)).accuracy, 1)
  assert.is(scoresOf(Float32Array.of(1, 1), 2, Uint32Array.of(1)).accuracy, 0)
  assert.is(scoresOf(Float32Array.of(1, 1), 2, Uint32Array.of(7)).top5, 0)
})

test.run()

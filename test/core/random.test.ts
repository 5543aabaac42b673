// Seeded numbers: the same for the same key, another stream for another, and of the right distribution.
import * as fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { normals, permutation, uniforms } from '../../src/core/random.ts'

const test = suite('random')

const take = (n: number, next: () => number) => Array.from({ length: n }, next)

test('is the same for the same seed and name, and another for another', () => {
  fc.assert(
    fc.property(fc.nat(), fc.string(), (seed, name) => {
      const first = take(4, uniforms(seed, name))
      assert.equal(first, take(4, uniforms(seed, name)))
      assert.not.equal(first, take(4, uniforms(seed + 1, name)))
      assert.not.equal(first, take(4, uniforms(seed, `${name}.`)))
    }),
  )
})

test('has the mean and variance of its distribution', () => {
  const n = 1e5
  const u = take(n, uniforms(1, 'u'))
  const z = take(n, normals(1, 'z'))
  const mean = (xs: ReadonlyArray<number>) => xs.reduce((a, b) => a + b, 0) / n
  assert.ok(Math.abs(mean(u) - 0.5) < 0.005)
  assert.ok(Math.abs(mean(z)) < 0.015)
  assert.ok(Math.abs(mean(z.map(v => v * v)) - 1) < 0.03)
  assert.ok(u.every(v => v >= 0 && v < 1))
})

test('permutes', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 300 }), fc.nat(), (n, seed) => {
      const order = [...permutation(n, seed, 'p')]
      assert.equal(
        [...order].sort((a, b) => a - b),
        Array.from({ length: n }, (_, i) => i),
      )
    }),
  )
})

test.run()

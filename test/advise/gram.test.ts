// Gram matrices in panels: against sums written out, tall and wide, past the width of one panel.
import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { asTheyAre, checkSide, columnMeans, crossGram, gramOf } from '../../src/advise/gram.ts'
import type { Features } from '../../src/collapse/index.ts'
import { normals } from '../../src/core/random.ts'
import { left, near, right } from '../support/index.ts'

const test = suite('gram')

const featuresOf = (n: number, d: number, seed: number): Features => {
  const next = normals(seed, 'gram')
  return { data: Float32Array.from({ length: n * d }, () => next()), n, d }
}

const readingOf = (features: Features) => ({
  centre: columnMeans(features),
  scale: Float64Array.from({ length: features.d }, (_, j) => 1 + (j % 3)),
})

const read = (features: Features, i: number, j: number): number => {
  const { centre, scale } = readingOf(features)
  return ((features.data[i * features.d + j] ?? 0) - (centre[j] ?? 0)) * (scale[j] ?? 0)
}

const sizes = fc.integer({ min: 1, max: 11 })

test('is X X^T or X^T X, whichever is smaller', () => {
  fc.assert(
    fc.property(sizes, sizes, fc.nat(1e6), (n, d, seed) => {
      const features = featuresOf(n, d, seed)
      const gram = gramOf(features, readingOf(features))
      const [side, length] = n <= d ? [n, d] : [d, n]
      assert.is(gram.length, side * side)
      const of = (i: number, a: number) => (n <= d ? read(features, i, a) : read(features, a, i))
      gram.forEach((x, at) => {
        const [i, j] = [Math.floor(at / side), at % side]
        let sum = 0
        for (let a = 0; a < length; a++) sum += of(i, a) * of(j, a)
        near(x, sum, 1e-12)
      })
    }),
    { numRuns: 50 },
  )
})

test('adds panels up where the long side passes one', () => {
  for (const [n, d] of [
    [3, 200_003],
    [200_003, 3],
  ] as const) {
    const features = { data: new Float32Array(n * d).fill(1), n, d }
    const gram = gramOf(features, asTheyAre(d))
    assert.ok(gram.every(x => x === 200_003))
  }
})

test('of two sets of rows holds their products', () => {
  fc.assert(
    fc.property(sizes, sizes, sizes, fc.nat(1e6), (n, m, d, seed) => {
      const [x, y] = [featuresOf(n, d, seed), featuresOf(m, d, seed + 1)]
      const cross = crossGram(x, y, asTheyAre(d))
      cross.forEach((value, at) => {
        const [i, j] = [Math.floor(at / m), at % m]
        let sum = 0
        for (let a = 0; a < d; a++) sum += (x.data[i * d + a] ?? 0) * (y.data[j * d + a] ?? 0)
        near(value, sum, 1e-12)
      })
    }),
    { numRuns: 50 },
  )
})

test('is refused past its largest side, not for width alone', () => {
  const shape = (n: number, d: number) => ({ data: new Float32Array(0), n, d })
  assert.is(right(checkSide(shape(100, 65536))), 100)
  assert.is(right(checkSide(shape(1_000_000, 512))), 512)
  assert.is(left(checkSide(shape(2049, 2049)))._tag, 'BadShape')
})

test.run()

// Directions of Sigma_B: orthonormal, their values, and the rank where means are few, flat or equal.
import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { classStats } from '../../src/collapse/class-stats.ts'
import { betweenDirections } from '../../src/collapse/directions.ts'
import { multiplyNT, transpose } from '../../src/collapse/matrix.ts'
import { classMeans, type Means, traceBOf } from '../../src/collapse/means.ts'
import { degenerate, exactEtf, near, right, type Sample, samples } from '../support/index.ts'

const test = suite('directions')

const meansOf = ({ features, labels }: Sample): Means =>
  right(classMeans(right(classStats(features, labels))))

// Narrow features and wide ones: through Sigma_B itself and through the Gram matrix.
const all = samples({ classes: [2, 7], d: [1, 9] })

test('are orthonormal', () => {
  fc.assert(
    fc.property(all, sample => {
      const { rank, basis } = betweenDirections(meansOf(sample))
      multiplyNT(basis, rank, basis, rank, sample.features.d).forEach((x, at) => {
        near(x, at % (rank + 1) === 0 ? 1 : 0, 1e-7)
      })
    }),
  )
})

test('give Sigma_B back: sum of lambda v v^T', () => {
  fc.assert(
    fc.property(all, sample => {
      const means = meansOf(sample)
      const { classes, d, centred } = means
      const { rank, values, basis } = betweenDirections(means)
      const columns = transpose(centred, classes, d)
      const sigma = multiplyNT(columns, d, columns, d, classes).map(x => x / classes)
      const long = transpose(basis, rank, d)
      const weighted = long.map((x, at) => x * (values[at % rank] ?? 0))
      multiplyNT(weighted, d, long, d, rank).forEach((x, at) => {
        near(x, sigma[at] ?? 0, 1e-8)
      })
    }),
  )
})

test('are min(K-1, d) where the means are in general position', () => {
  fc.assert(
    fc.property(all, sample => {
      const { rank } = betweenDirections(meansOf(sample))
      assert.is(rank, Math.min(sample.classes - 1, sample.features.d))
    }),
  )
})

test('are fewer by one where two means are equal, none where all are', () => {
  fc.assert(
    fc.property(degenerate('two equal means', 'all means equal'), sample => {
      const most = Math.min(sample.classes - 2, sample.features.d)
      const { rank } = betweenDirections(meansOf(sample))
      assert.is(rank, sample.kind === 'two equal means' ? most : 0)
    }),
  )
})

test('of an exact ETF have one eigenvalue, K-1 times', () => {
  fc.assert(
    fc.property(exactEtf(), sample => {
      const means = meansOf(sample)
      const { rank, values } = betweenDirections(means)
      assert.is(rank, sample.classes - 1)
      for (const value of values) near(value / (traceBOf(means) / rank), 1, 1e-12)
    }),
  )
})

test('leave out what lies at or below the cut', () => {
  const features = { data: Float64Array.of(0, 0, 1, 0, 0, 1e-4), n: 3, d: 2 }
  const means = right(classMeans(right(classStats(features, [0, 1, 2]))))
  assert.is(betweenDirections(means).rank, 2)
  assert.is(betweenDirections(means, { cut: 1e-6 }).rank, 1)
})

test.run()

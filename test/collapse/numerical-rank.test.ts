// Numerical rank: golden values, Lanczos against a whole eigen-decomposition, bounds, invariances.
import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { numericalRank } from '../../src/collapse/numerical-rank.ts'
import { symmetricEigen } from '../../src/collapse/symmetric-eigen.ts'
import {
  degenerate,
  exactEtf,
  goldenSample,
  goldens,
  left,
  motions,
  near,
  nearRelative,
  right,
  type Sample,
  samples,
  shifted,
  toFloat32,
} from '../support/index.ts'

const test = suite('numericalRank')

const of = ({ features, labels }: Sample, changes = {}): number =>
  right(numericalRank(features, labels, changes))

// ||H_k||_F^2 / ||H_k||_2^2 from all eigenvalues of the n_k x n_k Gram matrices.
const byEigenvalues = ({ features: { data, d }, labels, classes }: Sample): number => {
  let sum = 0
  for (let k = 0; k < classes; k++) {
    const rows = labels.flatMap((y, i) => (y === k ? [data.subarray(i * d, i * d + d)] : []))
    const n = rows.length
    const gram = Float64Array.from({ length: n * n }, (_, at) => {
      const [a, b] = [rows[Math.floor(at / n)], rows[at % n]]
      return Array.from(a ?? []).reduce((dot, x, j) => dot + x * (b?.[j] ?? 0), 0)
    })
    const { values } = symmetricEigen(gram, n)
    sum += values.reduce((a, b) => a + b, 0) / (values[0] ?? 1)
  }
  return sum / classes
}

const wide = samples({ d: [49, 90], classes: [1, 4], perClass: [1, 30] })

for (const golden of goldens) {
  test(`golden values, ${golden.name}`, () => {
    const sample = goldenSample(golden.counts)
    near(of(sample), golden.rank, 1e-8)
    near(of(sample, { numericalRank: 'centred' }), golden.rankCentred, 1e-8)
    near(of(toFloat32(sample)), golden.rank, 1e-5)
  })
}

test('equals the quotient of eigenvalues, by Gram matrices and by Lanczos', () => {
  fc.assert(
    fc.property(fc.oneof(samples(), wide), sample => {
      nearRelative(of(sample), byEigenvalues(sample), 1e-9)
    }),
  )
})

test('finds the largest singular value where the mean is not its direction', () => {
  const d = 60
  const n = 40
  const data = new Float64Array(n * d)
  for (let i = 0; i < n; i++) {
    data[i * d] = 1
    data[i * d + 1] = i % 2 === 0 ? 3 : -3
  }
  const labels = Array.from({ length: n }, () => 0)
  nearRelative(right(numericalRank({ data, n, d }, labels)), 10 / 9, 1e-10)
})

test('centred, equals the uncentred rank of the centred features', () => {
  fc.assert(
    fc.property(samples({ d: [49, 60], perClass: [2, 12] }), ({ features, labels, classes }) => {
      const { data, n, d } = features
      const counts = Array.from({ length: classes }, (_, k) => labels.filter(y => y === k).length)
      fc.pre(counts.every(count => count > 1))
      const means = new Float64Array(classes * d)
      labels.forEach((y, i) => {
        for (let j = 0; j < d; j++) {
          means[y * d + j] = (means[y * d + j] ?? 0) + (data[i * d + j] ?? 0) / (counts[y] ?? 1)
        }
      })
      const centred = data.map((x, at) => {
        return x - (means[(labels[Math.floor(at / d)] ?? 0) * d + (at % d)] ?? 0)
      })
      const here = right(numericalRank(features, labels, { numericalRank: 'centred' }))
      nearRelative(here, right(numericalRank({ data: centred, n, d }, labels)), 1e-9)
    }),
    { numRuns: 30 },
  )
})

test('does not change with rotation, scale, order or names of classes', () => {
  const kept = motions('rotation', 'scale', 'order', 'relabelling')
  fc.assert(
    fc.property(fc.oneof(samples(), wide), kept, (sample, { name, apply }) => {
      nearRelative(of(apply(sample)), of(sample), 1e-9, name)
    }),
  )
})

test('falls to 1 as the features move away from zero', () => {
  fc.assert(
    fc.property(samples(), sample => {
      const far = of(shifted(sample, () => 1e5))
      assert.ok(far >= 1 && far < 1 + 1e-6)
    }),
  )
})

test('lies between 1 and min(d, n_k)', () => {
  fc.assert(
    fc.property(fc.oneof(samples(), wide), sample => {
      const { labels, classes, features } = sample
      const counts = Array.from({ length: classes }, (_, k) => labels.filter(y => y === k).length)
      const most = counts.reduce((sum, n) => sum + Math.min(n, features.d), 0) / classes
      const rank = of(sample)
      assert.ok(rank >= 1 && rank <= most + 1e-9, `${rank} in 1 .. ${most}`)
    }),
  )
})

test('is 1 at exact collapse, for d = 1, and for classes of one sample', () => {
  fc.assert(
    fc.property(fc.oneof(exactEtf(), degenerate('d = 1'), samples({ perClass: [1, 1] })), s => {
      near(of(s), 1, 1e-12)
    }),
  )
})

test('has a value for one class alone', () => {
  fc.assert(
    fc.property(degenerate('one class'), sample => {
      assert.ok(of(sample) >= 1)
    }),
  )
})

test('names a class without energy: of zeros, or, centred, of one sample', () => {
  fc.assert(
    fc.property(degenerate('a class of zeros'), ({ features, labels }) => {
      assert.equal(left(numericalRank(features, labels)), { _tag: 'ZeroFeatures', label: 0 })
    }),
  )
  fc.assert(
    fc.property(degenerate('a class of one sample'), ({ features, labels }) => {
      const error = left(numericalRank(features, labels, { numericalRank: 'centred' }))
      assert.equal(error, { _tag: 'ZeroFeatures', label: 0 })
    }),
  )
})

test.run()

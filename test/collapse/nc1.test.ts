// NC1: golden values, agreement with an explicit pseudo-inverse, invariances, degenerate input.
import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { nc1 } from '../../src/collapse/nc1.ts'
import { nullNc1 } from '../../src/collapse/null-nc1.ts'
import { symmetricEigen } from '../../src/collapse/symmetric-eigen.ts'
import {
  allMotions,
  degenerate,
  exactEtf,
  goldenSample,
  goldens,
  invertibleOf,
  left,
  mapped,
  motions,
  near,
  nearCollapse,
  nearRelative,
  right,
  type Sample,
  sampleOf,
  samples,
  shrunk,
  toFloat32,
  unbalanced,
} from '../support/index.ts'

const test = suite('nc1')

const of = ({ features, labels }: Sample): number => right(nc1(features, labels))

// tr(Sigma_W Sigma_B^+) / K with both d x d matrices and the inverse of the non-zero eigenvalues.
const byPseudoInverse = ({ features: { data, n, d }, labels, classes }: Sample): number => {
  const counts = Array.from({ length: classes }, (_, k) => labels.filter(y => y === k).length)
  const means = Array.from({ length: classes }, () => new Float64Array(d))
  labels.forEach((y, i) => {
    means[y]?.forEach((x, j, mean) => {
      mean[j] = x + (data[i * d + j] ?? 0) / (counts[y] ?? 1)
    })
  })
  const centre = (j: number) => means.reduce((sum, mean) => sum + (mean[j] ?? 0), 0) / classes
  const [within, between] = [new Float64Array(d * d), new Float64Array(d * d)]
  const add = (to: Float64Array, v: (j: number) => number, share: number) => {
    for (let a = 0; a < d; a++) {
      for (let b = 0; b < d; b++) to[a * d + b] = (to[a * d + b] ?? 0) + share * v(a) * v(b)
    }
  }
  labels.forEach((y, i) => {
    add(within, j => (data[i * d + j] ?? 0) - (means[y]?.[j] ?? 0), 1 / n)
  })
  for (const mean of means) add(between, j => (mean[j] ?? 0) - centre(j), 1 / classes)
  const { values, vectors } = symmetricEigen(between, d)
  let trace = 0
  values.forEach((value, at) => {
    if (value <= 1e-10 * (values[0] ?? 0)) return
    const v = vectors.subarray(at * d, at * d + d)
    v.forEach((x, a) => {
      v.forEach((y, b) => {
        trace += (x * y * (within[a * d + b] ?? 0)) / value
      })
    })
  })
  return trace / classes
}

for (const golden of goldens) {
  const sample = goldenSample(golden.counts)
  const { globalMean } = golden
  const tried = (s: Sample, changes = {}) =>
    right(nc1(s.features, s.labels, { globalMean, ...changes }))

  test(`golden values, ${golden.name}`, () => {
    near(tried(sample), golden.nc1, 1e-8)
    near(tried(sample, { within: 'classes' }), golden.nc1ClassAverage, 1e-8)
    near(tried(sample, { nc1: 'traces' }), golden.traceQuotient, 1e-8)
    near(tried(sample, { divideByClasses: false }), 4 * golden.nc1, 1e-8)
  })

  test(`golden values in float32, ${golden.name}`, () => {
    near(tried(toFloat32(sample)), golden.nc1, 1e-5)
  })
}

test('equals the trace with an explicit pseudo-inverse', () => {
  fc.assert(
    fc.property(samples(), sample => {
      nearRelative(of(sample), byPseudoInverse(sample), 1e-8)
    }),
  )
})

test('does not change with rotation, scale, translation, order or names of classes', () => {
  fc.assert(
    fc.property(samples(), motions(...allMotions), (sample, { name, apply }) => {
      nearRelative(of(apply(sample)), of(sample), 1e-7, name)
    }),
  )
})

test('does not change with an invertible map where Sigma_B has full rank', () => {
  const full = samples({ classes: [4, 7], d: [1, 3] })
  fc.assert(
    fc.property(full, fc.nat(1e6), (sample, seed) => {
      const image = mapped(sample, invertibleOf(sample.features.d, seed))
      nearRelative(of(image), of(sample), 1e-7)
    }),
  )
})

test('changes with an invertible map where Sigma_B lacks rank', () => {
  const lacking = unbalanced({ classes: [2, 3], d: [5, 8], perClass: [4, 9] })
  fc.assert(
    fc.property(lacking, fc.nat(1e6), (sample, seed) => {
      const image = mapped(sample, invertibleOf(sample.features.d, seed))
      assert.ok(Math.abs(of(image) / of(sample) - 1) > 1e-6)
    }),
  )
})

test('is zero for an exact ETF', () => {
  fc.assert(
    fc.property(exactEtf(), sample => {
      assert.ok(of(sample) < 1e-28)
    }),
  )
})

test('scales with the square of the residuals', () => {
  fc.assert(
    fc.property(samples(), fc.constantFrom(0.5, 0.1, 1e-3), (sample, t) => {
      nearRelative(of(shrunk(sample, t)), t * t * of(sample), 1e-7)
    }),
  )
})

test('is never negative, however near to collapse and far from zero', () => {
  fc.assert(
    fc.property(nearCollapse(), sample => {
      assert.ok(of(sample) >= 0)
      assert.ok(of(toFloat32(sample)) >= 0)
    }),
  )
})

test('of features without structure is nullNc1 in the mean', () => {
  const [classes, perClass, d, trials] = [4, 12, 16, 300]
  const counts = Array.from({ length: classes }, () => perClass)
  let sum = 0
  for (let seed = 0; seed < trials; seed++) {
    const noise = sampleOf({ seed, d, counts, spread: 1, offset: 0 })
    const { data } = noise.features
    const plain = sampleOf({ seed, d, counts, spread: 0, offset: 0 }).features.data
    const features = { ...noise.features, data: data.map((x, at) => x - (plain[at] ?? 0)) }
    sum += right(nc1(features, noise.labels))
  }
  const expected = right(nullNc1(counts, d))
  assert.ok(Math.abs(sum / trials / expected - 1) < 0.03, `${sum / trials} against ${expected}`)
})

test('is an error for one class, an empty class, equal means, NaN and infinity', () => {
  const expected = {
    'one class': 'OneClass',
    'an empty class': 'EmptyClass',
    'all means equal': 'NoBetweenClass',
    NaN: 'NotFinite',
    infinity: 'NotFinite',
  }
  const kinds = ['one class', 'an empty class', 'all means equal', 'NaN', 'infinity'] as const
  for (const kind of kinds) {
    fc.assert(
      fc.property(degenerate(kind), ({ features, labels, row }) => {
        const error = left(nc1(features, labels))
        assert.is(error._tag, expected[kind])
        if (error._tag === 'NotFinite') assert.is(error.row, row)
      }),
      { numRuns: 20 },
    )
  }
})

test('has a value with two equal means, a class of one sample, a class of zeros, and d = 1', () => {
  const fine = degenerate('two equal means', 'a class of one sample', 'a class of zeros', 'd = 1')
  fc.assert(
    fc.property(fine, sample => {
      nearRelative(of(sample), byPseudoInverse(sample), 1e-7, sample.kind)
    }),
  )
})

test('refuses arrays and labels that do not fit', () => {
  const data = new Float64Array(6)
  assert.is(left(nc1({ data, n: 2, d: 2 }, [0, 1]))._tag, 'BadShape')
  assert.is(left(nc1({ data, n: 3, d: 2 }, [0, 1]))._tag, 'BadShape')
  assert.is(left(nc1({ data, n: 3, d: 2 }, [0, -1, 1]))._tag, 'BadLabel')
  assert.is(left(nc1({ data, n: 3, d: 2 }, [0, 0.5, 1]))._tag, 'BadLabel')
  assert.is(left(nc1({ data: new Float64Array(0), n: 0, d: 2 }, []))._tag, 'BadShape')
  const huge = { data: Float64Array.of(1e308, 1e308, -1e308), n: 3, d: 1 }
  assert.is(left(nc1(huge, [0, 0, 1]))._tag, 'Overflow')
})

test.run()

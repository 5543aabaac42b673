// NC2, distance of the class means to a simplex ETF: golden values, invariances, degenerate input.
import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { etfDistance } from '../../src/collapse/etf-distance.ts'
import {
  allMotions,
  degenerate,
  exactEtf,
  goldenSample,
  goldens,
  left,
  motions,
  near,
  right,
  type Sample,
  samples,
  toFloat32,
} from '../support/index.ts'

const test = suite('etfDistance')

const of = ({ features, labels }: Sample): number => right(etfDistance(features, labels))

for (const golden of goldens) {
  test(`golden values, ${golden.name}`, () => {
    const { globalMean } = golden
    const sample = goldenSample(golden.counts)
    const rounded = toFloat32(sample)
    near(
      right(etfDistance(sample.features, sample.labels, { globalMean })),
      golden.etfDistance,
      1e-8,
    )
    near(
      right(etfDistance(rounded.features, rounded.labels, { globalMean })),
      golden.etfDistance,
      1e-5,
    )
  })
}

test('does not change with rotation, scale, translation, order or names of classes', () => {
  fc.assert(
    fc.property(samples(), motions(...allMotions), (sample, { name, apply }) => {
      near(of(apply(sample)), of(sample), 1e-9, name)
    }),
  )
})

test('is zero for an exact ETF, and not negative elsewhere', () => {
  fc.assert(
    fc.property(exactEtf(), samples(), (etf, other) => {
      assert.ok(of(etf) < 1e-13)
      assert.ok(of(other) >= 0)
    }),
  )
})

test('is an error where there is nothing to compare', () => {
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
      fc.property(degenerate(kind), ({ features, labels }) => {
        assert.is(left(etfDistance(features, labels))._tag, expected[kind])
      }),
      { numRuns: 20 },
    )
  }
})

test('has a value with two equal means, a class of one sample, a class of zeros, and d = 1', () => {
  const fine = degenerate('two equal means', 'a class of one sample', 'a class of zeros', 'd = 1')
  fc.assert(
    fc.property(fine, sample => {
      assert.ok(Number.isFinite(of(sample)))
    }),
  )
})

test('is sqrt(2 - 2/sqrt(K-1)) where all class means lie on one line through h_G', () => {
  const features = { data: Float64Array.of(-1, 0, 1, -1, 0, 1), n: 6, d: 1 }
  near(right(etfDistance(features, [0, 1, 2, 0, 1, 2])), Math.sqrt(2 - 2 / Math.sqrt(2)), 1e-12)
})

test.run()

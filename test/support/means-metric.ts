// What the three metrics of the class means' geometry (NC2) have in common, as tests.
import fc from 'fast-check'
import type * as E from 'fp-ts/Either'
import type { Test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Conventions } from '../../src/collapse/conventions.ts'
import type { Features, Labels } from '../../src/collapse/features.ts'
import type { MetricError } from '../../src/collapse/metric-error.ts'
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
} from './index.ts'

/** A metric of features with labels. */
export type Metric = (
  features: Features,
  labels: Labels,
  changes?: Partial<Conventions>,
) => E.Either<MetricError, number>

/** Adds golden values, invariances, the value at an exact ETF, and degenerate input of an NC2 metric to a suite. */
export const checkMeansMetric = (
  test: Test,
  key: 'etfDistance' | 'equinorm' | 'equiangularity',
  metric: Metric,
): void => {
  const of = ({ features, labels }: Sample): number => right(metric(features, labels))

  for (const golden of goldens) {
    test(`golden values, ${golden.name}`, () => {
      const { globalMean } = golden
      const sample = goldenSample(golden.counts)
      const rounded = toFloat32(sample)
      near(right(metric(sample.features, sample.labels, { globalMean })), golden[key], 1e-8)
      near(right(metric(rounded.features, rounded.labels, { globalMean })), golden[key], 1e-5)
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
          assert.is(left(metric(features, labels))._tag, expected[kind])
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
}

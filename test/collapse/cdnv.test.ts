// CDNV: golden values, a direct sum over pairs, invariances, degenerate input.
import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { cdnv } from '../../src/collapse/cdnv.ts'
import {
  allMotions,
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
  sampleOf,
  samples,
  shrunk,
  toFloat32,
} from '../support/index.ts'

const test = suite('cdnv')

const of = ({ features, labels }: Sample): number => right(cdnv(features, labels))

for (const golden of goldens) {
  test(`golden values, ${golden.name}`, () => {
    const sample = goldenSample(golden.counts)
    near(of(sample), golden.cdnv, 1e-8)
    near(of(toFloat32(sample)), golden.cdnv, 1e-5)
  })
}

test('of two classes on a line is their mean variance over the squared distance', () => {
  const features = { data: Float64Array.of(-1, 1, 9, 15), n: 4, d: 1 }
  near(right(cdnv(features, [0, 0, 1, 1])), (1 + 9) / (2 * 12 ** 2), 1e-14)
})

test('does not change with rotation, scale, translation, order or names of classes', () => {
  fc.assert(
    fc.property(samples(), motions(...allMotions), (sample, { name, apply }) => {
      nearRelative(of(apply(sample)), of(sample), 1e-7, name)
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

test('is right for means that lie close together and far from zero', () => {
  const { features, labels } = sampleOf({ seed: 3, d: 4, counts: [5, 5], spread: 0.1, offset: 0 })
  const far = { ...features, data: features.data.map(x => x + 2 ** 20) }
  nearRelative(right(cdnv(far, labels)), right(cdnv(features, labels)), 1e-7)
})

test('names the classes whose means are equal', () => {
  fc.assert(
    fc.property(degenerate('two equal means'), ({ features, labels }) => {
      assert.equal(left(cdnv(features, labels)), { _tag: 'EqualMeans', first: 0, second: 1 })
    }),
  )
})

test('is an error for one class, an empty class, NaN and infinity', () => {
  const expected = {
    'one class': 'OneClass',
    'an empty class': 'EmptyClass',
    NaN: 'NotFinite',
    infinity: 'NotFinite',
  }
  for (const kind of ['one class', 'an empty class', 'NaN', 'infinity'] as const) {
    fc.assert(
      fc.property(degenerate(kind), ({ features, labels }) => {
        assert.is(left(cdnv(features, labels))._tag, expected[kind])
      }),
      { numRuns: 20 },
    )
  }
})

test('has a value with a class of one sample, a class of zeros, and d = 1', () => {
  fc.assert(
    fc.property(degenerate('a class of one sample', 'a class of zeros', 'd = 1'), sample => {
      assert.ok(of(sample) >= 0)
    }),
  )
})

test.run()

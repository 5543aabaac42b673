// H-score: golden values with pinv and Ledoit-Wolf written out, invariances, limits, degenerate input.
import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { hScore } from '../../src/advise/h-score.ts'
import { goldenScores, scoredSample } from '../support/golden-scores.ts'
import {
  allMotions,
  degenerate,
  exactEtf,
  invertibleOf,
  left,
  mapped,
  motions,
  near,
  right,
  type Sample,
  samples,
  toFloat32,
} from '../support/index.ts'

const test = suite('hScore')

const shrinkage = 'ledoit-wolf'
const shrunken = (sample: Sample): number => right(hScore(sample, { shrinkage }))
const narrow = samples({ d: [1, 3], classes: [2, 5], perClass: [3, 8] })
const wide = samples({ d: [50, 60], classes: [2, 5], perClass: [2, 8] })

for (const golden of goldenScores) {
  test(`golden values, ${golden.counts} of width ${golden.d}`, () => {
    const sample = scoredSample(golden)
    near(right(hScore(sample)), golden.hScore, 1e-8)
    near(shrunken(sample), golden.hScoreShrunk, 1e-8)
    near(shrunken(toFloat32(sample)), golden.hScoreShrunk, 1e-5)
  })
}

test('does not change with rotation, scale, translation, order or names of classes', () => {
  for (const kind of [narrow, wide]) {
    fc.assert(
      fc.property(kind, motions(...allMotions), (sample, { name, apply }) => {
        near(right(hScore(apply(sample))), right(hScore(sample)), 1e-7, name)
        near(shrunken(apply(sample)), shrunken(sample), 1e-7, name)
      }),
      { numRuns: 50 },
    )
  }
})

test('does not change with an invertible map, with shrinkage it does', () => {
  let moved = 0
  fc.assert(
    fc.property(samples({ d: [2, 3], perClass: [5, 9] }), fc.nat(1e6), (sample, seed) => {
      const image = mapped(sample, invertibleOf(sample.features.d, seed))
      near(right(hScore(image)), right(hScore(sample)), 1e-7)
      if (Math.abs(shrunken(image) - shrunken(sample)) > 1e-6) moved++
    }),
  )
  assert.ok(moved > 0)
})

test('lies in 0 .. min(K-1, d), and is lower with shrinkage', () => {
  fc.assert(
    fc.property(narrow, sample => {
      const [plain, shrunk] = [right(hScore(sample)), shrunken(sample)]
      const most = Math.min(sample.classes - 1, sample.features.d)
      assert.ok(plain >= 0 && plain <= most + 1e-9, `${plain} of ${most}`)
      assert.ok(shrunk >= 0 && shrunk <= plain + 1e-9)
    }),
  )
})

test('is K-1 at perfect collapse', () => {
  fc.assert(
    fc.property(exactEtf(), sample => near(right(hScore(sample)), sample.classes - 1, 1e-9)),
  )
})

test('is K-1 whatever the labels where the features are wide, which shrinkage mends', () => {
  fc.assert(
    fc.property(wide, sample => {
      near(right(hScore(sample)), sample.classes - 1, 1e-7)
      assert.ok(shrunken(sample) < sample.classes - 1)
    }),
  )
})

test('is zero where all features are equal', () => {
  const features = { data: new Float64Array(12).fill(0.1), n: 4, d: 3 }
  const labels = [0, 1, 0, 1]
  near(right(hScore({ features, labels })), 0, 1e-12)
  near(right(hScore({ features, labels }, { shrinkage })), 0, 1e-12)
})

test('is zero where all class means are equal', () => {
  const features = { data: Float64Array.of(1, 0, -1, 0, 0, 2, 0, -2), n: 4, d: 2 }
  near(right(hScore({ features, labels: [0, 0, 1, 1] })), 0, 1e-12)
})

test('has a value with equal means, a class of one sample, a class of zeros, and d = 1', () => {
  const fine = degenerate('two equal means', 'a class of one sample', 'a class of zeros', 'd = 1')
  fc.assert(
    fc.property(fine, sample => {
      assert.ok(right(hScore(sample)) <= sample.classes - 1 + 1e-9)
      assert.ok(shrunken(sample) >= 0)
    }),
  )
})

test('is an error for one class, an empty class, NaN and infinity', () => {
  const tags = { 'one class': 'OneClass', 'an empty class': 'EmptyClass' }
  fc.assert(
    fc.property(degenerate('one class', 'an empty class', 'NaN', 'infinity'), sample => {
      const { kind } = sample
      const expected = kind === 'one class' || kind === 'an empty class' ? tags[kind] : 'NotFinite'
      assert.is(left(hScore(sample))._tag, expected)
    }),
  )
})

test.run()

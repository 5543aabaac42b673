// NC4: golden values, a direct search for the nearest centre, degenerate input.
import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Classifier } from '../../src/collapse/features.ts'
import { nccMismatch } from '../../src/collapse/ncc-mismatch.ts'
import {
  classified,
  classifierFor,
  degenerate,
  goldenClassifier,
  goldenSample,
  goldens,
  left,
  motions,
  near,
  right,
  type Sample,
  toFloat32,
} from '../support/index.ts'

const test = suite('nccMismatch')

const argmax = (scores: ReadonlyArray<number>): number => scores.indexOf(Math.max(...scores))

const direct = ({ features, labels, classes }: Sample, { weight, bias }: Classifier): number => {
  const { data, n, d } = features
  const row = (i: number) => Array.from(data.subarray(i * d, i * d + d))
  const means = Array.from({ length: classes }, (_, k) => {
    const own = labels.flatMap((y, i) => (y === k ? [row(i)] : []))
    return Array.from({ length: d }, (_, j) => {
      return own.reduce((sum, h) => sum + (h[j] ?? 0), 0) / own.length
    })
  })
  const differing = labels.filter((_, i) => {
    const h = row(i)
    const distances = means.map(m => -m.reduce((sum, x, j) => sum + (x - (h[j] ?? 0)) ** 2, 0))
    const logits = means.map((_, k) =>
      h.reduce((sum, x, j) => sum + x * (weight[k * d + j] ?? 0), bias?.[k] ?? 0),
    )
    return argmax(distances) !== argmax(logits)
  })
  return differing.length / n
}

for (const golden of goldens) {
  test(`golden values, ${golden.name}`, () => {
    const { features, labels } = goldenSample(golden.counts)
    const rounded = toFloat32(goldenSample(golden.counts)).features
    const { weight } = goldenClassifier
    near(right(nccMismatch(features, labels, goldenClassifier)), golden.mismatch, 1e-8)
    near(right(nccMismatch(rounded, labels, goldenClassifier)), golden.mismatch, 1e-8)
    near(right(nccMismatch(features, labels, { weight })), golden.mismatchNoBias, 1e-8)
  })
}

test('equals a direct search, whether means span few or many directions', () => {
  fc.assert(
    fc.property(classified(), sample => {
      const { features, labels, classifier } = sample
      assert.is(right(nccMismatch(features, labels, classifier)), direct(sample, classifier))
    }),
  )
})

test('equals a direct search where two means or all of them but one lie on a line', () => {
  const flat = degenerate('d = 1', 'a class of zeros', 'a class of one sample')
  fc.assert(
    fc.property(
      flat.chain(sample => classifierFor(sample).map(classifier => ({ sample, classifier }))),
      ({ sample, classifier }) => {
        const { features, labels } = sample
        assert.is(right(nccMismatch(features, labels, classifier)), direct(sample, classifier))
      },
    ),
  )
})

test('tells means apart that differ by less than the cut of Sigma_B', () => {
  const [d, classes] = [2, 3]
  const data = Float64Array.of(0, 0, 1e6, 0, 0, 1, 0, 0.4, 1e6, 0, 0, 0.9)
  const labels = [0, 1, 2, 0, 1, 2]
  const features = { data, n: 6, d }
  const weight = Float64Array.of(0, -1, 1, 0, 0, 1)
  const expected = direct({ features, labels, classes }, { weight })
  assert.is(right(nccMismatch(features, labels, { weight })), expected)
})

test('does not change with the order of samples', () => {
  fc.assert(
    fc.property(classified(), motions('order'), (sample, { apply }) => {
      const moved = apply(sample)
      assert.is(
        right(nccMismatch(moved.features, moved.labels, sample.classifier)),
        right(nccMismatch(sample.features, sample.labels, sample.classifier)),
      )
    }),
  )
})

test('gives ties to the lower class', () => {
  const features = { data: Float64Array.of(-1, 1, 0, 0), n: 4, d: 1 }
  const weight = Float64Array.of(0, 0)
  near(right(nccMismatch(features, [0, 1, 0, 1], { weight })), 1 / 4, 1e-15)
})

test('is an error for one class and for NaN', () => {
  fc.assert(
    fc.property(degenerate('one class', 'NaN'), ({ features, labels, classes, kind }) => {
      const weight = new Float64Array(classes * features.d)
      const error = left(nccMismatch(features, labels, { weight }))
      assert.is(error._tag, kind === 'NaN' ? 'NotFinite' : 'OneClass')
    }),
  )
})

test.run()

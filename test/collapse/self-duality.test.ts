// NC3: golden values of both definitions, perfect duality, invariances, input that does not fit.
import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { selfDuality } from '../../src/collapse/self-duality.ts'
import {
  classified,
  degenerate,
  exactEtf,
  goldenClassifier,
  goldenSample,
  goldens,
  left,
  motions,
  near,
  right,
  toFloat32,
} from '../support/index.ts'

const test = suite('selfDuality')

for (const golden of goldens) {
  test(`golden values, ${golden.name}`, () => {
    const { globalMean } = golden
    const { features, labels } = goldenSample(golden.counts)
    const rounded = toFloat32(goldenSample(golden.counts)).features
    const of = (f: typeof features, choice = {}) =>
      right(selfDuality(f, labels, goldenClassifier, { globalMean, ...choice }))
    near(of(features), golden.selfDuality, 1e-8)
    near(of(rounded), golden.selfDuality, 1e-5)
    near(of(features, { selfDuality: 'papyan' }), golden.papyan, 1e-8)
  })
}

test('is zero where the classifier is a multiple of the centred means of an exact ETF', () => {
  fc.assert(
    fc.property(exactEtf(), fc.constantFrom(0.1, 1, 7), ({ features, classes, labels }, by) => {
      const weight = Float64Array.from({ length: classes * classes }, (_, at) => {
        return by * ((Math.floor(at / classes) === at % classes ? 1 : 0) - 1 / classes)
      })
      near(right(selfDuality(features, labels, { weight })), 0, 1e-13)
      near(right(selfDuality(features, labels, { weight }, { selfDuality: 'papyan' })), 0, 1e-13)
    }),
  )
})

test('does not change with scale, translation and order', () => {
  const kept = motions('scale', 'translation', 'order')
  fc.assert(
    fc.property(classified(), kept, (sample, { name, apply }) => {
      const moved = apply(sample)
      const before = right(selfDuality(sample.features, sample.labels, sample.classifier))
      const after = right(selfDuality(moved.features, moved.labels, sample.classifier))
      near(after, before, 1e-9, name)
    }),
  )
})

test('refuses a classifier of another shape, or one that is not finite', () => {
  const { features, labels } = goldenSample([5, 5, 5, 5])
  const tags = [
    { weight: new Float64Array(23).fill(1) },
    { weight: goldenClassifier.weight, bias: [1, 2, 3] },
    { weight: new Float64Array(24).fill(Number.NaN) },
  ].map(classifier => left(selfDuality(features, labels, classifier))._tag)
  assert.equal(tags, ['BadShape', 'BadShape', 'BadShape'])
})

test('has no value for a classifier of zeros, one class, or equal means', () => {
  const { features, labels } = goldenSample([5, 5, 5, 5])
  const zero = { weight: new Float64Array(24) }
  assert.is(left(selfDuality(features, labels, zero))._tag, 'NotDefined')
  fc.assert(
    fc.property(degenerate('one class', 'all means equal'), sample => {
      const weight = new Float64Array(sample.classes * sample.features.d).fill(1)
      const error = left(selfDuality(sample.features, sample.labels, { weight }))
      assert.is(error._tag, sample.kind === 'one class' ? 'OneClass' : 'NoBetweenClass')
    }),
  )
})

test.run()

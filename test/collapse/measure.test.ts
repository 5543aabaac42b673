// All metrics at once: the values of each alone, nulls where one is not defined, chosen metrics.
import * as E from 'fp-ts/Either'
import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import {
  cdnv,
  equiangularity,
  equinorm,
  etfDistance,
  type MeasureOptions,
  measure,
  metricNames,
  nc1,
  nccMismatch,
  nullNc1,
  numericalRank,
  selfDuality,
  traceB,
  traceW,
} from '../../src/collapse/index.ts'
import {
  classified,
  degenerate,
  goldenClassifier,
  goldenSample,
  goldens,
  left,
  near,
  right,
  type Sample,
} from '../support/index.ts'

const test = suite('measure')

const of = ({ features, labels }: Sample, options: MeasureOptions = {}) =>
  right(measure(features, labels, options))

for (const golden of goldens) {
  test(`golden values, ${golden.name}`, () => {
    const { globalMean } = golden
    const sample = goldenSample(golden.counts)
    const report = of(sample, { conventions: { globalMean }, classifier: goldenClassifier })
    near(report.nc1 ?? Number.NaN, golden.nc1, 1e-8)
    near(report.cdnv ?? Number.NaN, golden.cdnv, 1e-8)
    near(report.numericalRank ?? Number.NaN, golden.rank, 1e-8)
    near(report.etfDistance ?? Number.NaN, golden.etfDistance, 1e-8)
    near(report.equinorm ?? Number.NaN, golden.equinorm, 1e-8)
    near(report.equiangularity ?? Number.NaN, golden.equiangularity, 1e-8)
    near(report.selfDuality ?? Number.NaN, golden.selfDuality, 1e-8)
    near(report.nccMismatch ?? Number.NaN, golden.mismatch, 1e-8)
    near(report.traceW ?? Number.NaN, golden.traceW, 1e-8)
    near(report.traceB ?? Number.NaN, golden.traceB, 1e-8)
    assert.equal(report.perClass, golden.counts)
    assert.equal(
      [report.n, report.d, report.classes, report.rank],
      [golden.counts.reduce((a, b) => a + b, 0), 6, 4, 3],
    )
  })
}

test('has exactly the documented keys', () => {
  const keys = [...metricNames, 'n', 'd', 'classes', 'perClass', 'rank']
  assert.equal(Object.keys(of(goldenSample([5, 5, 5, 5]))), keys)
})

test('gives what each metric gives alone', () => {
  fc.assert(
    fc.property(classified(), ({ classifier, ...sample }) => {
      const { features, labels } = sample
      const report = of(sample, { classifier })
      const alone = {
        nc1: nc1(features, labels),
        cdnv: cdnv(features, labels),
        numericalRank: numericalRank(features, labels),
        etfDistance: etfDistance(features, labels),
        equinorm: equinorm(features, labels),
        equiangularity: equiangularity(features, labels),
        selfDuality: selfDuality(features, labels, classifier),
        nccMismatch: nccMismatch(features, labels, classifier),
        traceW: traceW(features, labels),
        traceB: traceB(features, labels),
        nullNc1: nullNc1(report.perClass, report.d),
      }
      for (const name of metricNames) {
        assert.is(report[name], E.getOrElseW(() => null)(alone[name]), name)
      }
    }),
  )
})

test('leaves metrics null that the features do not define', () => {
  const plain = of(goldenSample([3, 5, 7, 9]))
  assert.is(plain.selfDuality, null)
  assert.is(plain.nccMismatch, null)
  assert.is(plain.nullNc1, null)
  fc.assert(
    fc.property(degenerate('two equal means'), sample => {
      const report = of(sample)
      assert.is(report.cdnv, null)
      assert.ok(report.nc1 !== null && report.rank <= sample.classes - 2)
    }),
  )
  fc.assert(
    fc.property(degenerate('all means equal'), sample => {
      const { nc1: one, cdnv: two, etfDistance: three, traceW: fine, rank } = of(sample)
      assert.equal([one, two, three, rank], [null, null, null, 0])
      assert.ok(fine !== null)
    }),
  )
})

test('computes only what is asked for', () => {
  const report = of(goldenSample([5, 5, 5, 5]), { only: ['nc1', 'traceB'] })
  assert.equal(
    metricNames.filter(name => report[name] !== null),
    ['nc1', 'traceB'],
  )
})

test('is an error for one class, an empty class, NaN, infinity, and a misfit classifier', () => {
  const bad = degenerate('one class', 'an empty class', 'NaN', 'infinity')
  fc.assert(
    fc.property(bad, ({ features, labels }) => {
      left(measure(features, labels))
    }),
  )
  const { features, labels } = goldenSample([5, 5, 5, 5])
  const error = left(measure(features, labels, { classifier: { weight: [1, 2] } }))
  assert.is(error._tag, 'BadShape')
})

test.run()

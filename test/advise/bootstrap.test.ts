// The bootstrap: quantiles as numpy's, a known interval, seeds, classes kept, resamples without value.
import * as E from 'fp-ts/Either'
import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { bootstrap, quantile, type Score } from '../../src/advise/bootstrap.ts'
import { nearestMeanAccuracy } from '../../src/advise/nearest-mean.ts'
import { notDefined } from '../../src/collapse/metric-error.ts'
import { normals } from '../../src/core/random.ts'
import { goldenAgreement } from '../support/golden-scores.ts'
import { degenerate, left, near, right, samples } from '../support/index.ts'

const test = suite('bootstrap')

const meanOfAll: Score = ({ features: { data } }) =>
  E.right(Array.from(data).reduce((sum, x) => sum + x / data.length, 0))

test('takes quantiles as numpy does', () => {
  const sorted = goldenAgreement.scores.toSorted((a, b) => a - b)
  for (const [share = 0, expected = 0] of goldenAgreement.quantiles) {
    near(quantile(sorted, share), expected, 1e-12)
  }
})

test('gives the interval of a mean that theory gives', () => {
  const next = normals(3, 'bootstrap')
  const n = 400
  const data = Float64Array.from({ length: n }, () => next())
  const labels = Array.from({ length: n }, (_, i) => i % 2)
  const sample = { features: { data, n, d: 1 }, labels }
  const { estimate, low, high, rounds } = right(bootstrap(meanOfAll, sample, { rounds: 2000 }))
  assert.is(rounds, 2000)
  near(estimate, right(meanOfAll(sample, new Int32Array(n))), 1e-12)
  assert.ok(Math.abs((high - low) / (2 * 1.96 * Math.sqrt(1 / n)) - 1) < 0.12, `${high - low}`)
  assert.ok(low < estimate && estimate < high)
  const narrow = right(bootstrap(meanOfAll, sample, { rounds: 2000, level: 0.5 }))
  assert.ok(narrow.low > low && narrow.high < high)
})

test('draws as many rows of every class as it has, and names their origins', () => {
  fc.assert(
    fc.property(samples(), fc.nat(1e6), (sample, seed) => {
      const counts = (labels: ArrayLike<number>) =>
        Array.from(
          { length: sample.classes },
          (_, k) => Array.from(labels).filter(y => y === k).length,
        )
      const score: Score = ({ features, labels }, origins) => {
        assert.equal(counts(labels), counts(sample.labels))
        const { data, d } = features
        const same = Array.from(origins).every((from, i) => {
          return data[i * d] === sample.features.data[from * d] && labels[i] === sample.labels[from]
        })
        assert.ok(same)
        return E.right(0)
      }
      right(bootstrap(score, sample, { rounds: 3, seed }))
    }),
  )
})

test('gives the same interval for the same seed, another for another', () => {
  const [sample] = fc.sample(samples({ perClass: [8, 9], d: [3, 4] }), { numRuns: 1, seed: 2 })
  if (sample === undefined) throw new Error('no sample')
  const of = (seed: number) => right(bootstrap(meanOfAll, sample, { rounds: 40, seed }))
  assert.equal(of(1), of(1))
  assert.is.not(of(1).low, of(2).low)
})

test('of leave-one-out accuracy stays about the estimate when copies are told', () => {
  const [n, d] = [40, 30]
  const data = Float64Array.from({ length: n * d }, (_, at) => Math.sin(1e4 * (at + 1) ** 1.5))
  const sample = { features: { data, n, d }, labels: Array.from({ length: n }, (_, i) => i % 2) }
  const told = right(bootstrap(nearestMeanAccuracy, sample))
  const untold = right(bootstrap(one => nearestMeanAccuracy(one), sample))
  assert.ok(told.low < told.estimate && told.estimate < told.high)
  assert.ok(untold.low > untold.estimate, JSON.stringify(untold))
})

test('leaves resamples without a value out, and fails where most have none', () => {
  const [sample] = fc.sample(samples(), 1)
  if (sample === undefined) throw new Error('no sample')
  const failing = (period: number): Score => {
    let call = 0
    return () => (call++ % period === 0 ? E.right(1) : E.left(notDefined('a test')))
  }
  assert.is(left(bootstrap(failing(4), sample, { rounds: 40 }))._tag, 'NotDefined')
  assert.is(right(bootstrap(failing(2), sample, { rounds: 40 })).rounds, 20)
  assert.is(left(bootstrap(() => E.left(notDefined('a test')), sample))._tag, 'NotDefined')
})

test('refuses options and samples that make no sense', () => {
  fc.assert(
    fc.property(degenerate('one class', 'an empty class', 'NaN'), sample => {
      assert.ok(E.isLeft(bootstrap(meanOfAll, sample)))
    }),
    { numRuns: 20 },
  )
  const sample = { features: { data: Float64Array.of(1, 2), n: 2, d: 1 }, labels: [0, 1] }
  for (const options of [{ rounds: 0 }, { rounds: 1.5 }, { level: 0 }, { level: 1 }]) {
    assert.is(left(bootstrap(meanOfAll, sample, options))._tag, 'BadShape')
  }
})

test.run()

// The delete-a-group jackknife: every row left out once, theory's interval of a mean, coverage of nc1, pairs told apart.
import * as E from 'fp-ts/Either'
import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Score } from '../../src/advise/bootstrap.ts'
import { jackknife, jackknifeRange, tellsApart } from '../../src/advise/jackknife.ts'
import { nc1Score } from '../../src/advise/layer-scores.ts'
import { normals } from '../../src/core/random.ts'
import { left, near, right, samples } from '../support/index.ts'

const test = suite('jackknife')

const meanOfAll: Score = ({ features: { data } }) =>
  E.right(Array.from(data).reduce((sum, x) => sum + x / data.length, 0))

/** `perClass` rows of each of `classes` around means of length `apart`, the same means for every seed. */
const clusters = (seed: number, classes: number, perClass: number, d: number, apart: number) => {
  const [noise, mean] = [normals(seed, 'noise'), normals(1, 'means')]
  const means = Float64Array.from({ length: classes * d }, () => apart * mean())
  const n = classes * perClass
  const labels = Int32Array.from({ length: n }, (_, i) => i % classes)
  const data = Float64Array.from({ length: n * d }, (_, at) => {
    const k = labels[Math.floor(at / d)] ?? 0
    return (means[k * d + (at % d)] ?? 0) + noise()
  })
  return { features: { data, n, d }, labels }
}

test('leaves every row out exactly once, and of every class as many as can be alike', () => {
  fc.assert(
    fc.property(samples({ perClass: [2, 13] }), fc.nat(1e6), (sample, seed) => {
      const seen = new Int32Array(sample.features.n)
      const score: Score = ({ labels }, rows) => {
        for (const row of rows) seen[row] = (seen[row] ?? 0) + 1
        for (let k = 0; k < sample.classes; k++) assert.ok(Array.from(labels).includes(k))
        return E.right(1)
      }
      const { leftOut } = right(jackknife(score, sample, { seed }))
      assert.ok(leftOut.length >= 2 && leftOut.length <= 10)
      assert.ok(seen.every(times => times === leftOut.length))
    }),
    { numRuns: 60 },
  )
})

test('gives the interval of a mean that theory gives', () => {
  const sample = clusters(5, 2, 200, 1, 0)
  const widths = Array.from({ length: 40 }, (_, seed) => {
    const { low, high } = jackknifeRange(right(jackknife(meanOfAll, sample, { seed })))
    return high - low
  })
  const mean = widths.reduce((sum, x) => sum + x / widths.length, 0)
  assert.ok(Math.abs(mean / (2 * 2.262 * Math.sqrt(1 / 400)) - 1) < 0.15, `${mean}`)
})

test('covers nc1 at this number of samples about as often as it says', () => {
  const draws = Array.from({ length: 100 }, (_, i) => clusters(100 + i, 4, 25, 12, 0.7))
  const found = draws.map(sample => right(jackknife(nc1Score, sample)))
  const logs = found.map(({ estimate }) => Math.log(estimate))
  const centre = Math.exp(logs.reduce((sum, x) => sum + x / logs.length, 0))
  const hits = found.map(jackknifeRange).filter(({ low, high }) => low < centre && centre < high)
  assert.ok(hits.length >= 88 && hits.length <= 100, `${hits.length} of 100`)
})

test('tells a layer from a noisier copy of itself, and not from itself', () => {
  const sample = clusters(3, 4, 30, 8, 2)
  const noise = normals(9, 'more')
  const { features, labels } = sample
  const noisy = { features: { ...features, data: features.data.map(x => x + 2 * noise()) }, labels }
  const [a, b] = [right(jackknife(nc1Score, sample)), right(jackknife(nc1Score, noisy))]
  assert.ok(b.estimate > a.estimate)
  assert.ok(tellsApart(a, b) && tellsApart(b, a))
  assert.not.ok(tellsApart(a, a))
  assert.not.ok(tellsApart(a, { ...a, estimate: 0 }))
})

test('is the same for the same seed, and falls back to fewer groups', () => {
  const sample = clusters(3, 3, 4, 5, 1)
  const found = right(jackknife(nc1Score, sample, { seed: 4 }))
  assert.is(found.leftOut.length, 4)
  assert.equal(found, right(jackknife(nc1Score, sample, { seed: 4 })))
  near(found.estimate, right(nc1Score(sample, new Int32Array(0))), 1e-12)
})

test('refuses one row of a class, and wrong numbers of groups', () => {
  const one = { features: { data: new Float64Array(3), n: 3, d: 1 }, labels: [0, 0, 1] }
  assert.is(left(jackknife(nc1Score, one))._tag, 'NotDefined')
  const sample = clusters(3, 3, 4, 5, 1)
  for (const groups of [1, 1.5, 21]) {
    assert.is(left(jackknife(nc1Score, sample, { groups }))._tag, 'BadShape')
  }
})

test.run()

// All scores of a layer: classes found where they are, none where there are none, nulls where not defined.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { scoreLayer, shareRange } from '../../src/advise/layer-scores.ts'
import { nc1 } from '../../src/collapse/nc1.ts'
import { normals } from '../../src/core/random.ts'
import { left, near, right } from '../support/index.ts'

const test = suite('scores of a layer')

const sample = (apart: number) => {
  const noise = normals(2, `apart ${apart}`)
  const [n, d] = [60, 6]
  const labels = Int32Array.from({ length: n }, (_, i) => i % 3)
  const data = Float32Array.from({ length: n * d }, (_, at) => {
    const k = labels[Math.floor(at / d)] ?? 0
    return (at % d === k ? apart : 0) + noise()
  })
  return { features: { data, n, d }, labels }
}

test('sees classes that lie apart', () => {
  const given = sample(8)
  const found = right(scoreLayer(given))
  assert.is(found.probe, 1)
  assert.is(found.nearestMean, 1)
  assert.is(found.probeTested, 15)
  near(found.nc1?.estimate ?? 0, right(nc1(given.features, given.labels)), 1e-12)
  near(found.nullNc1 ?? 0, (19 * 2) / 3, 1e-12)
  assert.ok((found.nc1?.estimate ?? 9) < (found.shuffledNc1 ?? 0) / 20)
  assert.equal(found, right(scoreLayer(given)))
})

test('sees none where there are none: nc1 is that of shuffled labels', () => {
  const { nc1: own, shuffledNc1, probe, logme, hScore } = right(scoreLayer(sample(0)))
  const ratio = (own?.estimate ?? 0) / (shuffledNc1 ?? 1)
  assert.ok(ratio > 0.3 && ratio < 3, `${ratio}`)
  assert.ok((probe ?? 1) < 0.8)
  const apart = right(scoreLayer(sample(8)))
  assert.ok((logme ?? 0) < (apart.logme ?? 0) && (hScore ?? 0) < (apart.hScore ?? 0))
})

test('leaves out what is not defined', () => {
  const { features, labels } = sample(8)
  const dead = { features: { ...features, data: new Float32Array(features.data.length) }, labels }
  const found = right(scoreLayer(dead))
  assert.is(found.nc1, null)
  assert.is(found.shuffledNc1, null)
  assert.is(found.hScore, 0)
})

test('refuses features that are not finite', () => {
  const { features, labels } = sample(1)
  const data = features.data.map((x, i) => (i === 7 ? Number.NaN : x))
  assert.is(left(scoreLayer({ features: { ...features, data }, labels }))._tag, 'NotFinite')
})

test("gives Wilson's interval of a share", () => {
  const { low, high } = shareRange(0.5, 10)
  near(low, 0.2366, 1e-4)
  near(high, 0.7634, 1e-4)
  near(shareRange(1, 20).low, 0.8389, 1e-4)
  assert.is(shareRange(0, 20).low, 0)
})

test.run()

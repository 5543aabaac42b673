// Nearest class mean: golden values by deletion, invariances, limits, ties, copies, degenerate input.
import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { pickRows } from '../../src/advise/labelled.ts'
import { nearestMeanAccuracy, nearestMeanHeldOut } from '../../src/advise/nearest-mean.ts'
import { goldenScores, scoredSample } from '../support/golden-scores.ts'
import {
  allMotions,
  degenerate,
  exactEtf,
  left,
  motions,
  near,
  right,
  type Sample,
  samples,
  toFloat32,
} from '../support/index.ts'

const test = suite('nearestMean')

const of = (sample: Sample): number => right(nearestMeanAccuracy(sample))

for (const golden of goldenScores) {
  test(`golden values, ${golden.counts} of width ${golden.d}`, () => {
    const sample = scoredSample(golden)
    near(of(sample), golden.nearestMean, 1e-12)
    near(of(toFloat32(sample)), golden.nearestMean, 1e-12)
    near(right(nearestMeanHeldOut(sample, sample)), golden.nearestMeanBiased, 1e-12)
  })
}

test('does not change with rotation, scale, translation, order or names of classes', () => {
  fc.assert(
    fc.property(samples(), motions(...allMotions), (sample, { name, apply }) => {
      near(of(apply(sample)), of(sample), 1e-9, name)
    }),
  )
})

test('is 1 at perfect collapse, save for samples alone in their class', () => {
  fc.assert(fc.property(exactEtf({ perClass: [2, 4] }), sample => assert.is(of(sample), 1)))
  fc.assert(fc.property(exactEtf({ perClass: [1, 1] }), sample => assert.is(of(sample), 0)))
})

test('of held-out rows is 1 at perfect collapse', () => {
  fc.assert(
    fc.property(exactEtf(), sample => assert.is(right(nearestMeanHeldOut(sample, sample)), 1)),
  )
})

test('is chance where all features are equal', () => {
  const features = { data: new Float32Array(12).fill(0.5), n: 6, d: 2 }
  near(right(nearestMeanAccuracy({ features, labels: [0, 1, 2, 0, 1, 2] })), 1 / 3, 1e-12)
})

test('without its own vote, noise is not above chance as it is with it', () => {
  let [fair, biased] = [0, 0]
  const recipe = samples({ d: [60, 60], classes: [2, 2], perClass: [6, 6] })
  for (const sample of fc.sample(recipe, { numRuns: 80, seed: 5 })) {
    const { n, d } = sample.features
    const noise = Float64Array.from({ length: n * d }, (_, at) => Math.sin(1e4 * (at + 1) ** 1.5))
    const blind = { ...sample, features: { data: noise, n, d } }
    fair += of(blind) / 80
    biased += right(nearestMeanHeldOut(blind, blind)) / 80
  }
  assert.ok(fair < 0.65, `${fair}`)
  assert.ok(biased > 0.9, `${biased}`)
})

test('leaves out the copies of a sample where origins are told', () => {
  const data = Float64Array.of(0, 10, 4, 20)
  const doubled = pickRows({ features: { data, n: 4, d: 1 }, labels: [0, 0, 1, 1] }, [0, 0, 2, 3])
  near(right(nearestMeanAccuracy(doubled)), 3 / 4, 1e-12)
  near(right(nearestMeanAccuracy(doubled, [0, 0, 2, 3])), 1 / 4, 1e-12)
})

test('refuses held-out rows of another width, of classes not known, and NaN', () => {
  const train = { features: { data: Float64Array.of(1, 2, 3, 4), n: 2, d: 2 }, labels: [0, 1] }
  const tag = (data: ReadonlyArray<number>, d: number, label: number) => {
    const features = { data: Float64Array.from(data), n: 1, d }
    return left(nearestMeanHeldOut(train, { features, labels: [label] }))._tag
  }
  assert.is(tag([1, 2, 3], 3, 0), 'BadShape')
  assert.is(tag([1, 2], 2, 2), 'BadLabel')
  assert.is(tag([1, Number.NaN], 2, 1), 'NotFinite')
  const large = { data: Float64Array.of(1e308, 1e308, 1), n: 3, d: 1 }
  assert.is(left(nearestMeanAccuracy({ features: large, labels: [0, 0, 1] }))._tag, 'Overflow')
})

test('has a value with equal means, a class of zeros, one sample, d = 1; else an error', () => {
  fc.assert(
    fc.property(degenerate(), sample => {
      const { kind } = sample
      const result = nearestMeanAccuracy(sample)
      if (kind === 'one class') assert.is(left(result)._tag, 'OneClass')
      else if (kind === 'an empty class') assert.is(left(result)._tag, 'EmptyClass')
      else if (kind === 'NaN' || kind === 'infinity') assert.is(left(result)._tag, 'NotFinite')
      else assert.ok(right(result) >= 0 && right(result) <= 1)
    }),
  )
})

test.run()

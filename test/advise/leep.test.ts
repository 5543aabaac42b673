// LEEP: golden values, invariances, its two limits, what is no distribution.
import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { leep } from '../../src/advise/leep.ts'
import { permutation } from '../../src/core/random.ts'
import { goldenScores, scoredSample, sourceProbabilities } from '../support/golden-scores.ts'
import { left, motions, near, right, type Sample, samples } from '../support/index.ts'

const test = suite('leep')

const widths = fc.integer({ min: 1, max: 7 })
const withSource = (sample: Sample, width: number): Sample => ({
  ...sample,
  features: sourceProbabilities(sample, width),
})
const entropyOf = ({ labels, classes }: Sample): number => {
  const shares = Array.from({ length: classes }, (_, k) => {
    return labels.filter(y => y === k).length / labels.length
  })
  return shares.reduce((sum, share) => sum - share * Math.log(share), 0)
}
const of = ({ features, labels }: Sample): number => right(leep(features, labels))

for (const golden of goldenScores) {
  test(`golden value, ${golden.counts} from ${golden.width} source classes`, () => {
    const sample = scoredSample(golden)
    near(of(withSource(sample, golden.width)), golden.leep, 1e-10)
  })
}

test('lies between minus the entropy of the labels and zero', () => {
  fc.assert(
    fc.property(samples(), widths, (sample, width) => {
      const value = of(withSource(sample, width))
      assert.ok(value <= 0 && value >= -entropyOf(sample) - 1e-12)
    }),
  )
})

test('does not change with order, names of classes, or names of source classes', () => {
  fc.assert(
    fc.property(
      samples(),
      widths,
      motions('order', 'relabelling'),
      fc.nat(1e6),
      (sample, width, { name, apply }, seed) => {
        const from = withSource(sample, width)
        near(of(apply(from)), of(from), 1e-10, name)
        const names = permutation(width, seed, 'source')
        const data = from.features.data.map((_, at) => {
          return from.features.data[at - (at % width) + (names[at % width] ?? 0)] ?? 0
        })
        near(of({ ...from, features: { ...from.features, data } }), of(from), 1e-10)
      },
    ),
  )
})

test('is zero where each class has a source class of its own', () => {
  fc.assert(
    fc.property(samples(), fc.nat(3), (sample, spare) => {
      const { labels, classes } = sample
      const width = classes + spare
      const data = new Float32Array(labels.length * width)
      labels.forEach((k, i) => {
        data[i * width + k] = 1
      })
      assert.is(of({ ...sample, features: { data, n: labels.length, d: width } }), 0)
    }),
  )
})

test('is minus the entropy of the labels where probabilities tell nothing', () => {
  fc.assert(
    fc.property(samples(), widths, (sample, width) => {
      const n = sample.labels.length
      const data = new Float64Array(n * width).fill(1 / width)
      near(of({ ...sample, features: { data, n, d: width } }), -entropyOf(sample), 1e-12)
    }),
  )
})

test('refuses what is no distribution, NaN, one class and an empty class', () => {
  const tag = (values: ReadonlyArray<number>, labels: ReadonlyArray<number>) =>
    left(leep({ data: Float64Array.from(values), n: 2, d: 2 }, labels))._tag
  assert.is(tag([0.5, 0.4, 0.5, 0.5], [0, 1]), 'BadShape')
  assert.is(tag([1.5, -0.5, 0.5, 0.5], [0, 1]), 'BadShape')
  assert.is(tag([Number.NaN, 1, 0.5, 0.5], [0, 1]), 'NotFinite')
  assert.is(tag([0.5, 0.5, 0.5, 0.5], [0, 0]), 'OneClass')
  assert.is(tag([0.5, 0.5, 0.5, 0.5], [0, 2]), 'EmptyClass')
  assert.is(tag([0.5, 0.5, 0.5, 0.5], [0, 1, 1]), 'BadShape')
})

test('takes rows whose sums are rounded', () => {
  const data = Float32Array.of(0.9, 0.1002, 0.2, 0.7998)
  const exact = Float64Array.of(0.9 / 1.0002, 0.1002 / 1.0002, 0.2 / 0.9998, 0.7998 / 0.9998)
  near(
    right(leep({ data, n: 2, d: 2 }, [0, 1])),
    right(leep({ data: exact, n: 2, d: 2 }, [0, 1])),
    1e-6,
  )
})

test.run()

// Traces: golden values, what noise and shrinking do to them, invariances.
import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { traceB, traceW } from '../../src/collapse/traces.ts'
import { normals } from '../../src/core/random.ts'
import {
  goldenSample,
  goldens,
  left,
  motions,
  near,
  nearRelative,
  picked,
  right,
  type Sample,
  samples,
  scaled,
  shrunk,
  toFloat32,
} from '../support/index.ts'

const test = suite('traces')

const within = ({ features, labels }: Sample): number => right(traceW(features, labels))
const between = ({ features, labels }: Sample): number => right(traceB(features, labels))

for (const golden of goldens) {
  test(`golden values, ${golden.name}`, () => {
    const { globalMean } = golden
    const sample = goldenSample(golden.counts)
    near(within(sample), golden.traceW, 1e-8)
    near(within(toFloat32(sample)), golden.traceW, 1e-5)
    near(right(traceB(sample.features, sample.labels, { globalMean })), golden.traceB, 1e-8)
  })
}

test('do not change with rotation, translation, order or names of classes', () => {
  const kept = motions('rotation', 'translation', 'order', 'relabelling')
  fc.assert(
    fc.property(samples(), kept, (sample, { name, apply }) => {
      near(within(apply(sample)), within(sample), 1e-9, name)
      near(between(apply(sample)), between(sample), 1e-9, name)
    }),
  )
})

test('scale with the square of the features', () => {
  fc.assert(
    fc.property(samples(), sample => {
      nearRelative(within(scaled(sample, 3)), 9 * within(sample), 1e-9)
      nearRelative(between(scaled(sample, 3)), 9 * between(sample), 1e-9)
    }),
  )
})

test('grow by the noise that is added within classes, and only traceW does', () => {
  fc.assert(
    fc.property(samples(), fc.nat(1e6), (sample, seed) => {
      const { n, d } = sample.features
      const next = normals(seed, 'noise')
      const noise = Float64Array.from({ length: n * d }, () => next())
      const twice = picked(
        sample,
        Array.from({ length: 2 * n }, (_, i) => i % n),
      )
      const data = twice.features.data.map((x, at) => {
        return x + (at < n * d ? 1 : -1) * (noise[at % (n * d)] ?? 0)
      })
      const noisy = { ...twice, features: { data, n: 2 * n, d } }
      const added = noise.reduce((sum, x) => sum + x * x, 0) / n
      nearRelative(within(noisy), within(sample) + added, 1e-9)
      near(between(noisy), between(sample), 1e-9)
    }),
  )
})

test('shrink with the residuals', () => {
  fc.assert(
    fc.property(samples(), sample => {
      near(within(shrunk(sample, 0.1)), 0.01 * within(sample), 1e-9)
      near(between(shrunk(sample, 0.1)), between(sample), 1e-9)
    }),
  )
})

test('are zero for classes of one sample (traceW) and for equal means (traceB)', () => {
  const features = { data: Float64Array.of(1, 2, 1, 2), n: 2, d: 2 }
  assert.is(right(traceW(features, [0, 1])), 0)
  assert.is(right(traceB(features, [0, 1])), 0)
})

test('are errors for one class', () => {
  const features = { data: Float64Array.of(1, 2), n: 2, d: 1 }
  assert.is(left(traceW(features, [0, 0]))._tag, 'OneClass')
  assert.is(left(traceB(features, [0, 0]))._tag, 'OneClass')
})

test.run()

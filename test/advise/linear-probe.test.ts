// The linear probe: golden minima by scipy, wide features against narrow ones, limits, degenerate input.
import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { pickRows } from '../../src/advise/labelled.ts'
import { linearProbe } from '../../src/advise/linear-probe.ts'
import { goldenScores, scoredSample } from '../support/golden-scores.ts'
import {
  degenerate,
  exactEtf,
  left,
  motions,
  near,
  right,
  type Sample,
  samples,
} from '../support/index.ts'

const test = suite('linearProbe')

const exact = { tolerance: 1e-8, maxIterations: 2000 }
const thirds = (sample: Sample) => {
  const rows = Array.from(sample.labels.keys())
  return [
    pickRows(
      sample,
      rows.filter(i => i % 3 !== 2),
    ),
    pickRows(
      sample,
      rows.filter(i => i % 3 === 2),
    ),
  ] as const
}

for (const golden of goldenScores) {
  test(`golden minimum, ${golden.counts} of width ${golden.d}`, () => {
    const [train, held] = thirds(scoredSample(golden))
    const probe = right(linearProbe(train, held, exact))
    near(probe.loss, golden.probe.loss, 1e-8)
    near(probe.accuracy, golden.probe.accuracy, 1e-12)
    near(probe.trainAccuracy, golden.probe.train, 1e-12)
    assert.ok(probe.converged)
    const quick = right(linearProbe(train, held))
    near(quick.loss, golden.probe.loss, 1e-6)
    assert.ok(quick.iterations <= 200)
  })
}

test('of columns repeated past twice the rows is that of fewer with a smaller penalty', () => {
  const wanted = samples({ d: [4, 6], classes: [2, 3], perClass: [5, 7] })
  fc.assert(
    fc.property(wanted, sample => {
      const { data, n, d } = sample.features
      const times = 16
      const wide = new Float64Array(n * d * times)
      for (let at = 0; at < wide.length; at++) {
        const row = Math.floor(at / (d * times))
        wide[at] = data[row * d + (at % d)] ?? 0
      }
      const repeated = { ...sample, features: { data: wide, n, d: d * times } }
      assert.ok(d * times > 2 * n)
      const l2 = 0.05
      const one = right(linearProbe(sample, sample, { ...exact, l2 }))
      const many = right(linearProbe(repeated, repeated, { ...exact, l2: l2 * times }))
      near(many.loss, one.loss, 1e-8)
      assert.is(many.accuracy, many.trainAccuracy)
      near(many.accuracy, one.accuracy, 1e-12)
    }),
    { numRuns: 20 },
  )
})

test('does not change with scale, translation, order or names of classes', () => {
  fc.assert(
    fc.property(
      samples({ perClass: [3, 6] }),
      motions('scale', 'translation', 'order', 'relabelling'),
      (sample, { name, apply }) => {
        const moved = apply(sample)
        const there = right(linearProbe(moved, moved, exact))
        near(there.loss, right(linearProbe(sample, sample, exact)).loss, 1e-8, name)
      },
    ),
    { numRuns: 30 },
  )
})

test('is right everywhere at perfect collapse', () => {
  fc.assert(
    fc.property(exactEtf(), sample => {
      assert.is(right(linearProbe(sample, sample)).accuracy, 1)
    }),
    { numRuns: 30 },
  )
})

test('of features that do not vary chooses the largest class', () => {
  const features = { data: new Float32Array(10).fill(0.1), n: 5, d: 2 }
  const train = { features, labels: [1, 1, 1, 0, 0] }
  near(right(linearProbe(train, train, exact)).accuracy, 3 / 5, 1e-12)
  const wide = {
    features: { data: new Float32Array(55).fill(0.1), n: 5, d: 11 },
    labels: train.labels,
  }
  near(right(linearProbe(wide, wide, exact)).accuracy, 3 / 5, 1e-12)
})

test('makes no more steps than it may, and says so', () => {
  const [golden] = goldenScores
  if (golden === undefined) throw new Error('no golden sample')
  const [train, held] = thirds(scoredSample(golden))
  const probe = right(linearProbe(train, held, { maxIterations: 3 }))
  assert.is(probe.iterations, 3)
  assert.not(probe.converged)
})

test('refuses held-out rows that do not fit, a bad penalty, one class and NaN', () => {
  const train = { features: { data: Float64Array.of(1, 2, 3, 4), n: 2, d: 2 }, labels: [0, 1] }
  const wider = { features: { data: Float64Array.of(1, 2, 3), n: 1, d: 3 }, labels: [0] }
  assert.is(left(linearProbe(train, wider))._tag, 'BadShape')
  assert.is(left(linearProbe(train, { ...train, labels: [0, 2] }))._tag, 'BadLabel')
  assert.is(left(linearProbe(train, train, { l2: -1 }))._tag, 'BadShape')
  fc.assert(
    fc.property(degenerate('one class', 'an empty class', 'NaN', 'infinity'), sample => {
      const { _tag } = left(linearProbe(sample, sample))
      assert.ok(['OneClass', 'EmptyClass', 'NotFinite'].includes(_tag))
    }),
    { numRuns: 20 },
  )
})

test.run()

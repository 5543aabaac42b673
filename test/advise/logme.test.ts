// LogME: golden values by direct maximisation, invariances, limits, degenerate input.
import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { logme } from '../../src/advise/logme.ts'
import { spectrumOf } from '../../src/advise/spectrum.ts'
import { normals } from '../../src/core/random.ts'
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
  shifted,
  shrunk,
  toFloat32,
} from '../support/index.ts'

const test = suite('logme')

const noisy = samples({ d: [1, 4], classes: [2, 4], perClass: [4, 9] })
const wide = samples({ d: [50, 60], classes: [2, 4], perClass: [4, 9] })

// Mean over classes of -(log(2 pi e) + log of the mean square) / 2: no weights at all.
const withoutWeights = ({ labels, classes }: Sample): number => {
  const n = labels.length
  const share = (k: number) => labels.filter(y => y === k).length / n
  const scores = Array.from({ length: classes }, (_, k) => {
    return -(Math.log(2 * Math.PI * share(k)) + 1) / 2
  })
  return scores.reduce((a, b) => a + b, 0) / classes
}

for (const golden of goldenScores) {
  test(`golden value, ${golden.counts} of width ${golden.d}`, () => {
    const sample = scoredSample(golden)
    near(right(logme(sample)), golden.logme, 1e-8)
    near(right(logme(toFloat32(sample))), golden.logme, 1e-5)
  })
}

test('does not change with rotation, scale, order or names of classes', () => {
  for (const kind of [noisy, wide]) {
    fc.assert(
      fc.property(
        kind,
        motions('rotation', 'scale', 'order', 'relabelling'),
        (sample, { name, apply }) => {
          near(right(logme(apply(sample))), right(logme(sample)), 1e-7, name)
        },
      ),
      { numRuns: 50 },
    )
  }
})

test('changes with translation: the model has no intercept', () => {
  const [golden] = goldenScores
  if (golden === undefined) throw new Error('no golden sample')
  const sample = scoredSample(golden)
  const moved = shifted(sample, () => 3)
  assert.ok(Math.abs(right(logme(moved)) - right(logme(sample))) > 1e-2)
})

test('is never below the evidence without weights', () => {
  fc.assert(
    fc.property(noisy, sample => {
      assert.ok(right(logme(sample)) >= withoutWeights(sample) - 1e-9)
    }),
  )
})

// Mean over classes and samples of the highest log evidence over lambda, a hundredth of a decade apart.
const bySearch = ({ features, labels, classes }: Sample): number => {
  const n = labels.length
  const ids = { ids: Int32Array.from(labels), classes }
  const { rank, squares, projections, missed } = right(spectrumOf(features, ids, false))
  const rest = missed()
  const top = squares[0] ?? 0
  const at = (k: number, lambda: number): number => {
    const beyond = n - rank
    let [quadratic, logs] =
      beyond > 0 ? [(rest[k] ?? 0) / lambda, beyond * Math.log(lambda)] : [0, 0]
    squares.forEach((square, i) => {
      quadratic += (projections[k * rank + i] ?? 0) ** 2 / (square + lambda)
      logs += Math.log(square + lambda)
    })
    return (-n * (Math.log((2 * Math.PI * quadratic) / n) + 1) - logs) / 2
  }
  let sum = 0
  for (let k = 0; k < classes; k++) {
    let best = Number.NEGATIVE_INFINITY
    for (let log = -12; log < 8; log += 0.01) best = Math.max(best, at(k, top * 10 ** log))
    sum += best
  }
  return sum / classes / n
}

test('is the highest maximum, where several wait for a fixed point to stop at them', () => {
  const crowded = samples({ d: [2, 12], classes: [2, 5], perClass: [1, 6] })
  fc.assert(
    fc.property(crowded, sample => {
      const [found, searched] = [right(logme(sample)), bySearch(sample)]
      assert.ok(found >= searched - 1e-9 && found < searched + 1e-3, `${found}, not ${searched}`)
    }),
    { numRuns: 60 },
  )
})

test('of features of zeros is the evidence without weights', () => {
  fc.assert(
    fc.property(noisy, sample => {
      const { n, d } = sample.features
      const features = { data: new Float64Array(n * d), n, d }
      near(right(logme({ ...sample, features })), withoutWeights(sample), 1e-12)
    }),
  )
})

test('rises on the way to collapse', () => {
  const apart = samples({ d: [8, 9], classes: [3, 3], perClass: [9, 12] })
  fc.assert(
    fc.property(apart, sample => {
      const of = (t: number) => right(logme(shrunk(sample, t)))
      assert.ok(of(1e-2) > of(1e-1))
      assert.ok(of(1e-3) > of(1e-2))
    }),
    { numRuns: 30 },
  )
})

test('has no value at perfect collapse, where labels are fitted exactly', () => {
  const next = normals(1, 'means')
  const means = Array.from({ length: 3 }, () => Array.from({ length: 5 }, () => next()))
  const labels = [0, 1, 2, 0, 1, 2]
  for (const width of [5, 8]) {
    const data = Float64Array.from(
      labels.flatMap(k => Array.from({ length: width }, (_, j) => means[k]?.[j] ?? 0)),
    )
    const error = left(logme({ features: { data, n: 6, d: width }, labels }))
    assert.is(error._tag, 'NotDefined')
  }
})

test('of an exact ETF is finite: its centred means leave the constant out', () => {
  fc.assert(
    fc.property(exactEtf({ perClass: [2, 4] }), sample => {
      assert.ok(Number.isFinite(right(logme(sample))))
    }),
  )
})

test('is an error for one class, an empty class, NaN, infinity, and sides too large', () => {
  const tags = { 'one class': 'OneClass', 'an empty class': 'EmptyClass' }
  fc.assert(
    fc.property(degenerate('one class', 'an empty class', 'NaN', 'infinity'), sample => {
      const { kind } = sample
      const expected = kind === 'one class' || kind === 'an empty class' ? tags[kind] : 'NotFinite'
      assert.is(left(logme(sample))._tag, expected)
    }),
  )
  const n = 2049
  const features = { data: new Float32Array(n * n), n, d: n }
  const labels = Array.from({ length: n }, (_, i) => i % 2)
  assert.is(left(logme({ features, labels }))._tag, 'BadShape')
  const huge = { data: Float64Array.of(1e200, 1, 2), n: 3, d: 1 }
  assert.is(left(logme({ features: huge, labels: [0, 1, 1] }))._tag, 'Overflow')
})

test.run()

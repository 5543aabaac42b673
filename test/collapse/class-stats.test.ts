// Class statistics: monoid laws, exact on whole numbers, and the same metrics after any split.
import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type ClassStats, classStats, classStatsMonoid } from '../../src/collapse/class-stats.ts'
import { etfDistanceOf } from '../../src/collapse/etf-distance.ts'
import { classMeans } from '../../src/collapse/means.ts'
import { left, near, picked, right, type Sample, samples } from '../support/index.ts'

const test = suite('class statistics')

const d = 3
const { empty, concat } = classStatsMonoid(d)

// Whole numbers add without rounding, so that the laws hold to the bit.
const stats: fc.Arbitrary<ClassStats> = fc.nat(5).chain(classes =>
  fc.record(
    {
      d: fc.constant(d),
      counts: fc
        .array(fc.nat(9), { minLength: classes, maxLength: classes })
        .map(xs => Float64Array.from(xs)),
      sums: fc
        .array(fc.integer({ min: -99, max: 99 }), {
          minLength: classes * d,
          maxLength: classes * d,
        })
        .map(xs => Float64Array.from(xs)),
    },
    { noNullPrototype: true },
  ),
)

test('have a neutral element', () => {
  fc.assert(
    fc.property(stats, a => {
      assert.equal(concat(a, empty), a)
      assert.equal(concat(empty, a), a)
    }),
  )
})

test('add associatively and in any order', () => {
  fc.assert(
    fc.property(stats, stats, stats, (a, b, c) => {
      assert.ok(isDeepStrictEqual(concat(concat(a, b), c), concat(a, concat(b, c))))
      assert.ok(isDeepStrictEqual(concat(a, b), concat(b, a)))
    }),
  )
})

test('of a whole are the sum of those of its parts, even where a part lacks classes', () => {
  const whole = samples({ perClass: [1, 9] })
  fc.assert(
    fc.property(whole, fc.nat(100), (sample: Sample, at) => {
      const rows = sample.labels.map((_, i) => i)
      const cut = at % (rows.length + 1)
      const of = (s: Sample) => right(classStats(s.features, s.labels))
      const parts = [rows.slice(0, cut), rows.slice(cut)].map(part => of(picked(sample, part)))
      const merged = parts.reduce(concat)
      const direct = of(sample)
      assert.equal(merged.counts, direct.counts)
      near(
        right(etfDistanceOf(right(classMeans(merged)))),
        right(etfDistanceOf(right(classMeans(direct)))),
        1e-9,
      )
    }),
  )
})

test('refuse labels that are not whole or negative, and sizes that do not fit', () => {
  const data = Float64Array.of(1, 2, 3)
  assert.equal(left(classStats({ data, n: 3, d: 1 }, [0, 1.5, 0])), {
    _tag: 'BadLabel',
    row: 1,
    label: 1.5,
  })
  assert.is(left(classStats({ data, n: 3, d: 1 }, [0, -1, 0]))._tag, 'BadLabel')
  assert.is(left(classStats({ data, n: 3, d: 1 }, [0, Number.NaN, 0]))._tag, 'BadLabel')
  assert.is(left(classStats({ data, n: 3, d: 1 }, [0, 1]))._tag, 'BadShape')
  assert.is(left(classStats({ data, n: 3, d: 1 }, [0, 2 ** 31 - 1, 0]))._tag, 'BadShape')
})

test.run()

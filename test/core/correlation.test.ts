// Correlations: known values, the laws that hold for all data, and the cases without a value.
import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { fitLine, kendall, pearson, ranks, spearman } from '../../src/core/correlation.ts'

const near = (a: number | null, b: number | null, tolerance = 1e-9): void => {
  if (a === null || b === null) assert.is(a, b)
  else assert.ok(Math.abs(a - b) <= tolerance, `${a} is not near ${b}`)
}

/** Whole numbers keep spread exact: shifting or scaling them rounds nothing away. */
const pairs = fc.array(
  fc.tuple(fc.integer({ min: -1000, max: 1000 }), fc.integer({ min: -1000, max: 1000 })),
  { minLength: 3, maxLength: 30 },
)
const split = (list: ReadonlyArray<readonly [number, number]>) =>
  [list.map(([x]) => x), list.map(([, y]) => y)] as const

const values = suite('correlations')
values('have the values that numpy and scipy give', () => {
  const [x, y] = [
    [1, 2, 3, 4, 5],
    [2, 1, 4, 3, 7],
  ]
  near(pearson(x, y), 12 / Math.sqrt(10 * 21.2))
  near(spearman(x, y), 0.8)
  near(spearman([1, 2, 2, 3], [1, 3, 2, 4]), 4.5 / Math.sqrt(4.5 * 5))
})
values('give ties the mean of their ranks', () => {
  assert.equal(ranks([10, 20, 10, 5]), [2.5, 4, 2.5, 1])
  assert.equal(ranks([7, 7, 7]), [2, 2, 2])
})
values('are undefined with few points, unequal lengths, no spread, or no finite number', () => {
  for (const r of [pearson, spearman, kendall]) {
    assert.is(r([1, 2], [1, 2]), null)
    assert.is(r([1, 2, 3], [1, 2]), null)
    assert.is(r([0.1, 0.1, 0.1], [1, 2, 3]), null)
    assert.is(r([1, 2, 3], [0.3, 0.3, 0.3]), null)
    assert.is(r([1, 2, Number.NaN], [1, 2, 3]), null)
    assert.is(r([1, 2, Number.POSITIVE_INFINITY], [1, 2, 3]), null)
  }
})
values('survive numbers whose squares do not', () => {
  near(pearson([1e200, 2e200, 3e200], [1e-200, 2e-200, 3e-200]), 1)
  near(pearson([1e-200, 2e-200, 3e-200], [3, 2, 1]), -1)
})
values('stay in [-1, 1], and are the same with the arguments exchanged', () => {
  fc.assert(
    fc.property(pairs, list => {
      const [x, y] = split(list)
      for (const r of [pearson, spearman, kendall]) {
        const value = r(x, y)
        assert.ok(value === null || Math.abs(value) <= 1)
        near(value, r(y, x))
      }
    }),
  )
})
values('change only in sign under a line', () => {
  const slopes = fc.integer({ min: 1, max: 9 })
  fc.assert(
    fc.property(pairs, slopes, fc.integer({ min: -50, max: 50 }), (list, slope, shift) => {
      const [x, y] = split(list)
      const up = x.map(v => slope * v + shift)
      const down = x.map(v => -slope * v + shift)
      for (const r of [pearson, spearman, kendall]) {
        const value = r(x, y)
        near(r(up, y), value)
        near(r(down, y), value === null ? null : -value)
      }
    }),
  )
})
values('are 1 for data against itself wherever it varies', () => {
  fc.assert(
    fc.property(pairs, list => {
      const [x] = split(list)
      const expected = new Set(x).size > 1 ? 1 : null
      near(pearson(x, x), expected)
      near(spearman(x, x), expected)
    }),
  )
})
values('of ranks do not change under a monotone function', () => {
  fc.assert(
    fc.property(pairs, list => {
      const [x, y] = split(list)
      const cubed = x.map(v => v ** 3)
      near(spearman(cubed, y), spearman(x, y))
    }),
  )
})
values('do not depend on the order of the points', () => {
  fc.assert(
    fc.property(pairs, list => {
      const [x, y] = split(list)
      const [rx, ry] = split(list.toReversed())
      near(pearson(rx, ry), pearson(x, y))
      near(spearman(rx, ry), spearman(x, y))
    }),
  )
})
values.run()

const ranking = suite('ranks')
ranking('sum to n (n + 1) / 2 and keep the order', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 20 }), xs => {
      const got = ranks(xs)
      near(
        got.reduce((sum, r) => sum + r, 0),
        (xs.length * (xs.length + 1)) / 2,
      )
      xs.forEach((a, i) => {
        xs.forEach((b, j) => {
          assert.is(Math.sign(a - b), Math.sign((got[i] ?? 0) - (got[j] ?? 0)))
        })
      })
    }),
  )
})
ranking.run()

const lines = suite('the least-squares line')
lines('finds a line that data lie on', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.integer({ min: -100, max: 100 }), { minLength: 3, maxLength: 12 }),
      fc.integer({ min: 1, max: 20 }),
      fc.integer({ min: -20, max: 20 }),
      (xs, slope, intercept) => {
        const line = fitLine(
          xs,
          xs.map(x => slope * x + intercept),
        )
        assert.ok(line !== null)
        near(line?.slope ?? null, slope, 1e-8)
        near(line?.intercept ?? null, intercept, 1e-6)
        near(line?.r2 ?? null, 1)
      },
    ),
  )
})
lines('leaves residuals that sum to zero and explains r squared', () => {
  fc.assert(
    fc.property(pairs, list => {
      const [x, y] = split(list)
      const line = fitLine(x, y)
      const r = pearson(x, y)
      assert.is(line === null, r === null)
      if (line === null || r === null) return
      const rest = y.reduce((sum, v, i) => sum + v - line.slope * (x[i] ?? 0) - line.intercept, 0)
      near(rest, 0, 1e-6)
      near(line.r2, r * r)
    }),
  )
})
lines.run()

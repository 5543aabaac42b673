// Numbers as text: digits, units, the places where a unit changes, and what is not finite.
import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import {
  bytes,
  correlation,
  count,
  duration,
  percent,
  points,
  significant,
} from '../../src/report/format.ts'

const table = <A>(write: (x: A) => string, cases: ReadonlyArray<readonly [A, string]>): void => {
  for (const [value, expected] of cases) assert.is(write(value), expected)
}

const numbers = suite('numbers')
numbers('have three significant digits', () => {
  table<number>(significant, [
    [0, '0'],
    [1, '1.00'],
    [9.996, '10.0'],
    [0.020432, '0.0204'],
    [-2.5, '−2.50'],
    [1234.5, '1,230'],
    [0.00001234, '1.23e-5'],
    [0.00009999, '0.000100'],
    [1234567890123, '1.23e12'],
    [Number.NaN, '–'],
    [Number.POSITIVE_INFINITY, '–'],
  ])
  assert.is(significant(2.34567, 4), '2.346')
})
numbers('stay within half a unit of the third digit', () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-12, max: 1e12, noNaN: true }), x => {
      const back = Number(significant(x).replaceAll(',', ''))
      assert.ok(Math.abs(back - x) <= 0.00501 * x, `${x} became ${significant(x)}`)
    }),
  )
})
numbers('are grouped, shares are percentages, differences are signed', () => {
  table<number>(count, [
    [1120005, '1,120,005'],
    [0, '0'],
    [Number.NaN, '–'],
  ])
  table<number>(percent, [
    [0.9342, '93.4%'],
    [1, '100.0%'],
    [Number.NaN, '–'],
  ])
  table<number>(points, [
    [0.0123, '+1.2'],
    [-0.0123, '−1.2'],
    [-0.0001, '0.0'],
  ])
  table<number | null>(correlation, [
    [-0.987, '−0.99'],
    [-0.001, '0.00'],
    [0.5, '0.50'],
    [null, 'undefined'],
  ])
})
numbers.run()

const measures = suite('units')
measures('of memory are binary and change where three digits would overflow', () => {
  table<number>(bytes, [
    [0, '0 B'],
    [1023, '1023 B'],
    [1024, '1.00 KiB'],
    [1536, '1.50 KiB'],
    [1024 ** 2 - 1, '1.00 MiB'],
    [4_861_645, '4.64 MiB'],
    [8 * 1024 ** 3, '8.00 GiB'],
    [-1, '–'],
  ])
})
measures('of time go from milliseconds to hours', () => {
  table<number>(duration, [
    [0.42, '420 ms'],
    [0.9996, '1.00 s'],
    [1.934, '1.93 s'],
    [9.996, '10.0 s'],
    [59.94, '59.9 s'],
    [59.96, '1 min 00 s'],
    [125, '2 min 05 s'],
    [3725, '1 h 02 min'],
    [Number.NaN, '–'],
  ])
})
measures.run()

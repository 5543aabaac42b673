// The eigen-solver: residuals, orthogonality, and spectra that are known.
import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { multiplyNT, transpose } from '../../src/collapse/matrix.ts'
import { inEigenvectors, symmetricEigen } from '../../src/collapse/symmetric-eigen.ts'
import { normals } from '../../src/core/random.ts'
import { near } from '../support/index.ts'

const test = suite('symmetricEigen')

const symmetric = (n: number, seed: number): Float64Array => {
  const next = normals(seed, 'symmetric')
  const a = Float64Array.from({ length: n * n }, () => next())
  const t = transpose(a, n, n)
  return a.map((x, at) => x + (t[at] ?? 0))
}

const largest = (a: Float64Array): number => a.reduce((top, x) => Math.max(top, Math.abs(x)), 0)

const check = (a: Float64Array, n: number): Float64Array => {
  const { values, vectors } = symmetricEigen(a, n)
  const images = multiplyNT(vectors, n, a, n, n)
  const scale = Math.max(largest(a) * n, 1e-300)
  images.forEach((x, at) => {
    const wanted = (values[Math.floor(at / n)] ?? 0) * (vectors[at] ?? 0)
    assert.ok(Math.abs(x - wanted) < 1e-13 * scale)
  })
  multiplyNT(vectors, n, vectors, n, n).forEach((x, at) => {
    near(x, at % (n + 1) === 0 ? 1 : 0, 1e-13 * Math.max(n, 8))
  })
  assert.ok(values.every((x, i) => i === 0 || x <= (values[i - 1] ?? 0)))
  return values
}

test('solves random symmetric matrices of every small size', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 24 }), fc.nat(1e6), (n, seed) => {
      check(symmetric(n, seed), n)
    }),
  )
})

test('solves a matrix of size 120', () => {
  check(symmetric(120, 1), 120)
})

test('finds the repeated eigenvalue of a simplex ETF', () => {
  const n = 40
  const a = Float64Array.from({ length: n * n }, (_, at) => (at % (n + 1) === 0 ? 1 : 0) - 1 / n)
  const values = check(a, n)
  values.forEach((x, i) => {
    near(x, i < n - 1 ? 1 : 0, 1e-13)
  })
})

test('takes zeros, diagonals, and entries from 1e-150 to 1e150', () => {
  assert.equal(symmetricEigen(new Float64Array(9), 3).values, new Float64Array(3))
  assert.equal(symmetricEigen(Float64Array.of(1, 0, 0, 5), 2).values, Float64Array.of(5, 1))
  for (const scale of [1e-150, 1e150]) {
    check(
      symmetric(6, 2).map(x => x * scale),
      6,
    )
  }
})

test('rows in terms of the eigenvectors are their products with them', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 24 }),
      fc.integer({ min: 1, max: 6 }),
      fc.nat(1e6),
      (n, count, seed) => {
        const a = symmetric(n, seed)
        const next = normals(seed, 'rows')
        const rows = Float64Array.from({ length: count * n }, () => next())
        const { values, vectors } = symmetricEigen(a, n)
        const found = inEigenvectors(a, n, rows, count)
        assert.equal(found.values, values)
        multiplyNT(rows, count, vectors, n, n).forEach((x, at) => {
          near(found.rows[at] ?? Number.NaN, x, 1e-12 * n)
        })
      },
    ),
  )
})

test('leaves its argument as it was', () => {
  const a = symmetric(5, 3)
  const before = a.slice()
  symmetricEigen(a, 5)
  assert.equal(a, before)
})

test.run()

// Tridiagonal matrices: eigenvalues by bisection against closed forms and the dense solver.
import fc from 'fast-check'
import { suite } from 'uvu'
import { symmetricEigen } from '../../src/collapse/symmetric-eigen.ts'
import { lastComponent, tridiagonalEigenvalue } from '../../src/collapse/tridiagonal.ts'
import { near } from '../support/index.ts'

const test = suite('tridiagonal')

const cell = fc.double({ min: 0.01, max: 9, noNaN: true })

const tridiagonals = fc
  .integer({ min: 1, max: 12 })
  .chain(n =>
    fc.tuple(
      fc.array(cell, { minLength: n, maxLength: n }),
      fc.array(cell, { minLength: n - 1, maxLength: n - 1 }),
    ),
  )

const dense = (a: ReadonlyArray<number>, b: ReadonlyArray<number>): Float64Array => {
  const n = a.length
  return Float64Array.from({ length: n * n }, (_, at) => {
    const [i, j] = [Math.floor(at / n), at % n]
    if (i === j) return a[i] ?? 0
    return Math.abs(i - j) === 1 ? (b[Math.min(i, j)] ?? 0) : 0
  })
}

test('has the eigenvalues 2 - 2 cos(pi k / (n+1)) for -1, 2, -1', () => {
  const n = 20
  const a = Array.from({ length: n }, () => 2)
  const b = Array.from({ length: n - 1 }, () => 1)
  for (const rank of [1, 2]) {
    const angle = (Math.PI * (n + 1 - rank)) / (n + 1)
    near(tridiagonalEigenvalue(a, b, rank), 2 - 2 * Math.cos(angle), 1e-14)
  }
})

test('has the eigenvalues and the last component that the dense solver finds', () => {
  fc.assert(
    fc.property(tridiagonals, ([a, b]) => {
      const n = a.length
      const { values, vectors } = symmetricEigen(dense(a, b), n)
      near(tridiagonalEigenvalue(a, b, 1), values[0] ?? 0, 1e-12)
      if (n > 1) near(tridiagonalEigenvalue(a, b, 2), values[1] ?? 0, 1e-12)
      fc.pre(n === 1 || (values[0] ?? 0) - (values[1] ?? 0) > 1e-3)
      near(lastComponent(a, b, values[0] ?? 0), Math.abs(vectors[n - 1] ?? 0), 1e-9)
    }),
  )
})

test('has a last component that is right though the vector all but vanishes at its start', () => {
  const a = Array.from({ length: 30 }, (_, i) => (i === 29 ? 9 : 0.1))
  const b = Array.from({ length: 29 }, () => 0.01)
  near(lastComponent(a, b, tridiagonalEigenvalue(a, b, 1)), 1, 1e-5)
  const reversed = a.toReversed()
  const tiny = lastComponent(reversed, b, tridiagonalEigenvalue(reversed, b, 1))
  near(Math.log10(tiny) / (29 * Math.log10(0.01 / 8.9)), 1, 1e-2)
})

test.run()

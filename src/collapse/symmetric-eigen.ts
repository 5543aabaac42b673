// Eigenvalues and eigenvectors of a real symmetric matrix in float64: Householder, then QL.
import { householder, type Tridiagonal } from './householder.ts'
import { multiplyNT, transpose } from './matrix.ts'

/** Eigenvalues in falling order and, row by row, their orthonormal eigenvectors. */
export interface Eigen {
  readonly values: Float64Array
  readonly vectors: Float64Array
}

/** Rotations of QL sweeps that wait: of columns i and i + 1 for i from `last` - 1 down to `first`, sweep after sweep. */
interface Sweeps {
  readonly ends: Array<{ readonly first: number; readonly last: number; readonly at: number }>
  count: number
  readonly cosine: Float64Array
  readonly sine: Float64Array
}

const noSweeps = (most: number): Sweeps => ({
  ends: [],
  count: 0,
  cosine: new Float64Array(most),
  sine: new Float64Array(most),
})

// Four rows pass through all waiting sweeps while they are in cache; what a rotation leaves in column i is
// what the next one takes, so that each element is read and written once a sweep.
const rotateFour = (b: Float64Array, n: number, row: number, sweeps: Sweeps): void => {
  const { ends, cosine, sine } = sweeps
  const [p, q, r, t] = [row * n, (row + 1) * n, (row + 2) * n, (row + 3) * n]
  for (const { first, last, at } of ends) {
    let u = b[p + last] ?? 0
    let v = b[q + last] ?? 0
    let w = b[r + last] ?? 0
    let z = b[t + last] ?? 0
    for (let i = last - 1, j = at; i >= first; i--, j++) {
      const c = cosine[j] ?? 1
      const s = sine[j] ?? 0
      const x0 = b[p + i] ?? 0
      const x1 = b[q + i] ?? 0
      const x2 = b[r + i] ?? 0
      const x3 = b[t + i] ?? 0
      b[p + i + 1] = s * x0 + c * u
      b[q + i + 1] = s * x1 + c * v
      b[r + i + 1] = s * x2 + c * w
      b[t + i + 1] = s * x3 + c * z
      u = c * x0 - s * u
      v = c * x1 - s * v
      w = c * x2 - s * w
      z = c * x3 - s * z
    }
    b[p + first] = u
    b[q + first] = v
    b[r + first] = w
    b[t + first] = z
  }
}

const rotate = (b: Float64Array, n: number, sweeps: Sweeps): void => {
  for (let row = 0; row * n < b.length; row += 4) rotateFour(b, n, row, sweeps)
  sweeps.ends.length = 0
  sweeps.count = 0
}

// One implicit QL sweep over l .. m with Wilkinson's shift; its rotations wait.
const sweep = ({ diagonal, off }: Tridiagonal, sweeps: Sweeps, l: number, m: number): void => {
  const d0 = diagonal[l] ?? 0
  const e0 = off[l] ?? 0
  const theta = ((diagonal[l + 1] ?? 0) - d0) / (2 * e0)
  const root = Math.hypot(theta, 1)
  const at = sweeps.count
  let g = (diagonal[m] ?? 0) - d0 + e0 / (theta + (theta < 0 ? -root : root))
  let [s, c, p] = [1, 1, 0]
  let i = m - 1
  for (; i >= l; i--) {
    const f = s * (off[i] ?? 0)
    const b = c * (off[i] ?? 0)
    const r = Math.hypot(f, g)
    off[i + 1] = r
    if (r === 0) {
      diagonal[i + 1] = (diagonal[i + 1] ?? 0) - p
      break
    }
    s = f / r
    c = g / r
    g = (diagonal[i + 1] ?? 0) - p
    const t = ((diagonal[i] ?? 0) - g) * s + 2 * c * b
    p = s * t
    diagonal[i + 1] = g + p
    g = c * t - b
    sweeps.cosine[sweeps.count] = c
    sweeps.sine[sweeps.count++] = s
  }
  sweeps.ends.push({ first: i + 1, last: m, at })
  if (i < l) {
    diagonal[l] = (diagonal[l] ?? 0) - p
    off[l] = g
  }
  off[m] = 0
}

const sweepLimit = 80
const waitingSweeps = 16

// Turns the tridiagonal matrix diagonal, and rows of `b` [?, n], a multiple of four of them, with it.
const diagonalise = (matrix: Tridiagonal, b: Float64Array): void => {
  const { n, diagonal, off } = matrix
  const sweeps = noSweeps(waitingSweeps * n)
  for (let l = 0; l < n; l++) {
    for (let round = 0; round < sweepLimit; round++) {
      let m = l
      for (; m < n - 1; m++) {
        const near = Math.abs(diagonal[m] ?? 0) + Math.abs(diagonal[m + 1] ?? 0)
        if (Math.abs(off[m] ?? 0) <= Number.EPSILON * near) break
      }
      if (m === l) break
      if (sweeps.ends.length === waitingSweeps) rotate(b, n, sweeps)
      sweep(matrix, sweeps, l, m)
    }
  }
  rotate(b, n, sweeps)
}

const falling = (values: Float64Array): ReadonlyArray<number> =>
  Array.from(values.keys()).sort((i, j) => (values[j] ?? 0) - (values[i] ?? 0))

const inFours = (rows: number): number => 4 * Math.ceil(rows / 4)

/** Eigenvalues and eigenvectors of the symmetric `a` [n, n] (finite; only read). */
export const symmetricEigen = (a: Float64Array, n: number): Eigen => {
  const work = householder(a, n)
  const turned = new Float64Array(inFours(n) * n)
  turned.set(transpose(work.rows, n, n))
  diagonalise(work, turned)
  const order = falling(work.diagonal)
  const vectors = new Float64Array(n * n)
  order.forEach((from, to) => {
    for (let k = 0; k < n; k++) vectors[to * n + k] = turned[k * n + from] ?? 0
  })
  return { values: Float64Array.from(order, i => work.diagonal[i] ?? 0), vectors }
}

/** Eigenvalues in falling order, and rows [count, n] in terms of their eigenvectors. */
export interface EigenRows {
  readonly values: Float64Array
  readonly rows: Float64Array
}

/** Eigenvalues of the symmetric `a` [n, n], and `rows` [count, n] times its eigenvectors, which are not made. */
export const inEigenvectors = (
  a: Float64Array,
  n: number,
  rows: Float64Array,
  count: number,
): EigenRows => {
  const work = householder(a, n)
  const turned = new Float64Array(inFours(count) * n)
  turned.set(multiplyNT(rows, count, work.rows, n, n))
  diagonalise(work, turned)
  const order = falling(work.diagonal)
  const sorted = new Float64Array(count * n)
  order.forEach((from, to) => {
    for (let k = 0; k < count; k++) sorted[k * n + to] = turned[k * n + from] ?? 0
  })
  return { values: Float64Array.from(order, i => work.diagonal[i] ?? 0), rows: sorted }
}

// Householder: a symmetric matrix in float64 made tridiagonal, and the orthogonal matrix that does it.

/** A symmetric tridiagonal matrix [n, n]. */
export interface Tridiagonal {
  readonly n: number
  readonly diagonal: Float64Array
  readonly off: Float64Array
}

/** Tridiagonal, and in `rows` the transpose of what makes it so. */
export interface Work extends Tridiagonal {
  readonly rows: Float64Array
}

const dot = (a: Float64Array, ao: number, b: Float64Array, n: number): number => {
  let sum = 0
  for (let k = 0; k < n; k++) sum += (a[ao + k] ?? 0) * (b[k] ?? 0)
  return sum
}

// One Householder step of size i: the reflector is in diagonal[0 .. i), scaled already.
const reflect = ({ n, rows, diagonal, off }: Work, i: number, h: number): void => {
  off.fill(0, 0, i)
  for (let j = 0; j < i; j++) {
    const f = diagonal[j] ?? 0
    rows[i * n + j] = f
    let g = (off[j] ?? 0) + (rows[j * n + j] ?? 0) * f
    for (let k = j + 1; k < i; k++) {
      const v = rows[j * n + k] ?? 0
      g += v * (diagonal[k] ?? 0)
      off[k] = (off[k] ?? 0) + v * f
    }
    off[j] = g
  }
  for (let j = 0; j < i; j++) off[j] = (off[j] ?? 0) / h
  const shift = dot(off, 0, diagonal, i) / (h + h)
  for (let j = 0; j < i; j++) off[j] = (off[j] ?? 0) - shift * (diagonal[j] ?? 0)
  for (let j = 0; j < i; j++) {
    const f = diagonal[j] ?? 0
    const g = off[j] ?? 0
    for (let k = j; k < i; k++) {
      const change = f * (off[k] ?? 0) + g * (diagonal[k] ?? 0)
      rows[j * n + k] = (rows[j * n + k] ?? 0) - change
    }
  }
}

// `rows` is kept transposed (rows[j*n + k] is V[k][j]), so that every inner loop is contiguous;
// the reflector of step i lies in rows[i*n ..) until the transformations are put together.
const tridiagonalise = (work: Work): void => {
  const { n, rows, diagonal, off } = work
  for (let j = 0; j < n; j++) diagonal[j] = rows[j * n + n - 1] ?? 0
  for (let i = n - 1; i > 0; i--) {
    let scale = 0
    for (let k = 0; k < i; k++) scale += Math.abs(diagonal[k] ?? 0)
    let h = 0
    if (scale === 0) {
      off[i] = diagonal[i - 1] ?? 0
      rows.fill(0, i * n, i * n + i)
    } else {
      for (let k = 0; k < i; k++) diagonal[k] = (diagonal[k] ?? 0) / scale
      h = dot(diagonal, 0, diagonal, i)
      const f = diagonal[i - 1] ?? 0
      const g = f > 0 ? -Math.sqrt(h) : Math.sqrt(h)
      off[i] = scale * g
      const edge = off[i] ?? 0
      h -= f * g
      diagonal[i - 1] = f - g
      reflect(work, i, h)
      off[i] = edge
    }
    for (let j = 0; j < i; j++) {
      diagonal[j] = rows[j * n + i - 1] ?? 0
      rows[j * n + i] = 0
    }
    diagonal[i] = h
  }
}

// Multiplies the reflectors into one orthogonal matrix and takes the diagonal out.
const accumulate = ({ n, rows, diagonal, off }: Work): void => {
  const kept = new Float64Array(n)
  const w = new Float64Array(n)
  for (let i = 0; i < n - 1; i++) {
    kept[i] = rows[i * n + i] ?? 0
    rows[i * n + i] = 1
    const h = diagonal[i + 1] ?? 0
    const u = (i + 1) * n
    if (h !== 0) {
      for (let k = 0; k <= i; k++) w[k] = (rows[u + k] ?? 0) / h
      for (let j = 0; j <= i; j++) {
        let g = 0
        for (let k = 0; k <= i; k++) g += (rows[u + k] ?? 0) * (rows[j * n + k] ?? 0)
        for (let k = 0; k <= i; k++) rows[j * n + k] = (rows[j * n + k] ?? 0) - g * (w[k] ?? 0)
      }
    }
    rows.fill(0, u, u + i + 1)
  }
  kept[n - 1] = rows[n * n - 1] ?? 0
  for (let j = 0; j < n; j++) rows[j * n + n - 1] = 0
  rows[n * n - 1] = 1
  diagonal.set(kept)
  off.copyWithin(0, 1)
  off[n - 1] = 0
}

/** The symmetric `a` [n, n] (finite; only read) as Q T Q^T: T, and Q^T row by row. */
export const householder = (a: Float64Array, n: number): Work => {
  const work: Work = {
    n,
    rows: Float64Array.from(a),
    diagonal: new Float64Array(n),
    off: new Float64Array(n),
  }
  tridiagonalise(work)
  accumulate(work)
  return work
}

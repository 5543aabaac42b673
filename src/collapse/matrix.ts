// Small dense float64 matrices on the host, row-major: products, transposes, norms.
import { dots3x3 } from './row-kernels.ts'

/** `rows` rounded up to whole groups of three, as `dots3x3` wants them. */
export const threes = (rows: number): number => 3 * Math.ceil(rows / 3)

/** A copy of `a` [rows, d] with zero rows added up to a multiple of three. */
export const padRows = (a: ArrayLike<number>, rows: number, d: number): Float64Array => {
  const padded = new Float64Array(threes(rows) * d)
  padded.set(a)
  return padded
}

/** Views of `a` (rows of `d`, a multiple of three of them), three rows each. */
export const triples = (a: Float64Array, d: number): ReadonlyArray<Float64Array> =>
  Array.from({ length: d > 0 ? a.length / (3 * d) : 0 }, (_, i) =>
    a.subarray(3 * i * d, 3 * (i + 1) * d),
  )

/** a b^T for `a` [m, d] and `b` [n, d]: [m, n]. */
export const multiplyNT = (
  a: ArrayLike<number>,
  m: number,
  b: ArrayLike<number>,
  n: number,
  d: number,
): Float64Array => {
  const x = padRows(a, m, d)
  const y = padRows(b, n, d)
  const width = threes(n)
  const wide = new Float64Array(threes(m) * width)
  const [above, beside] = [triples(x, d), triples(y, d)]
  above.forEach((rows, i) => {
    beside.forEach((columns, j) => {
      dots3x3(rows, columns, d, wide, 3 * (i * width + j), width)
    })
  })
  const out = new Float64Array(m * n)
  for (let i = 0; i < m; i++) out.set(wide.subarray(i * width, i * width + n), i * n)
  return out
}

/** The transpose of `a` [m, n]. */
export const transpose = (a: ArrayLike<number>, m: number, n: number): Float64Array => {
  const t = new Float64Array(m * n)
  for (let i = 0; i < m; i++) for (let j = 0; j < n; j++) t[j * m + i] = a[i * n + j] ?? 0
  return t
}

/** The Frobenius norm, scaled so that squares neither overflow nor vanish. */
export const frobenius = (a: Float64Array): number => {
  let top = 0
  for (const x of a) top = Math.max(top, Math.abs(x))
  if (top === 0 || !Number.isFinite(top)) return top
  let sum = 0
  for (const x of a) sum += (x / top) ** 2
  return top * Math.sqrt(sum)
}

/** || a / ||a||_F - (I - 11^T/K) / sqrt(K-1) ||_F for `a` [K, K]; NaN where a is zero. */
export const distanceToEtf = (a: Float64Array, classes: number): number => {
  const norm = frobenius(a)
  const scale = 1 / Math.sqrt(classes - 1)
  let sum = 0
  for (let i = 0; i < classes; i++) {
    for (let j = 0; j < classes; j++) {
      const simplex = ((i === j ? 1 : 0) - 1 / classes) * scale
      sum += ((a[i * classes + j] ?? 0) / norm - simplex) ** 2
    }
  }
  return Math.sqrt(sum)
}

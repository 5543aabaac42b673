// The hot loops over rows of features: float64 sums of float32 or float64 reads, blocked by hand.
// Measured on JavaScriptCore: `let a = 0` per accumulator (destructuring costs 3 x), offsets hoisted.

/** A vector or matrix of either width; all sums are float64. */
export type Reals = Float32Array | Float64Array

/** s[so ..] += h[a ..] over `d` values. */
export const addRow = (h: Reals, a: number, d: number, s: Float64Array, so: number): void => {
  for (let j = 0; j < d; j++) s[so + j] = (s[so + j] ?? 0) + (h[a + j] ?? 0)
}

/** s[so ..] += the four rows of h named by order[i .. i+4). */
export const addRows4 = (
  h: Reals,
  order: Int32Array,
  i: number,
  d: number,
  s: Float64Array,
  so: number,
): void => {
  const a = (order[i] ?? 0) * d
  const b = (order[i + 1] ?? 0) * d
  const c = (order[i + 2] ?? 0) * d
  const e = (order[i + 3] ?? 0) * d
  for (let j = 0; j < d; j++) {
    const ab = (h[a + j] ?? 0) + (h[b + j] ?? 0)
    const ce = (h[c + j] ?? 0) + (h[e + j] ?? 0)
    s[so + j] = (s[so + j] ?? 0) + (ab + ce)
  }
}

/** z[zo ..] = h[a ..] - m[mo ..]; returns the squared norm of z. */
export const centreRow = (
  h: Reals,
  a: number,
  d: number,
  m: Float64Array,
  mo: number,
  z: Float64Array,
  zo: number,
): number => {
  let square = 0
  for (let j = 0; j < d; j++) {
    const x = (h[a + j] ?? 0) - (m[mo + j] ?? 0)
    z[zo + j] = x
    square += x * x
  }
  return square
}

/** The squared norm of h[a .. a+d). */
export const squaredNorm = (h: Reals, a: number, d: number): number => {
  let p = 0
  let q = 0
  for (let j = 0; j + 1 < d; j += 2) {
    const x = h[a + j] ?? 0
    const y = h[a + j + 1] ?? 0
    p += x * x
    q += y * y
  }
  const last = d % 2 === 1 ? (h[a + d - 1] ?? 0) : 0
  return p + q + last * last
}

const put3 = (out: Float64Array, at: number, a: number, b: number, c: number): void => {
  out[at] = a
  out[at + 1] = b
  out[at + 2] = c
}

/** The dot products of the first three rows of x with the first three of y, all `d` long, to a
 * 3 x 3 corner of `out` at `at`, whose rows lie `stride` apart. */
export const dots3x3 = (
  x: Float64Array,
  y: Float64Array,
  d: number,
  out: Float64Array,
  at: number,
  stride: number,
): void => {
  const two = d + d
  let aa = 0
  let ab = 0
  let ac = 0
  let ba = 0
  let bb = 0
  let bc = 0
  let ca = 0
  let cb = 0
  let cc = 0
  for (let j = 0; j < d; j++) {
    const p = y[j] ?? 0
    const q = y[d + j] ?? 0
    const r = y[two + j] ?? 0
    const a = x[j] ?? 0
    const b = x[d + j] ?? 0
    const c = x[two + j] ?? 0
    aa += a * p
    ab += a * q
    ac += a * r
    ba += b * p
    bb += b * q
    bc += b * r
    ca += c * p
    cb += c * q
    cc += c * r
  }
  put3(out, at, aa, ab, ac)
  put3(out, at + stride, ba, bb, bc)
  put3(out, at + 2 * stride, ca, cb, cc)
}

/** w[vo ..] += h (h . v) for the row of h at a and the vector v[vo ..]. */
export const applyRow = (
  h: Reals,
  a: number,
  d: number,
  v: Float64Array,
  vo: number,
  w: Float64Array,
): void => {
  let y = 0
  for (let j = 0; j < d; j++) y += (h[a + j] ?? 0) * (v[vo + j] ?? 0)
  for (let j = 0; j < d; j++) w[vo + j] = (w[vo + j] ?? 0) + y * (h[a + j] ?? 0)
}

/** w[vo ..] += h (h . v) for the four rows of h named by order[i .. i+4). */
export const applyRows4 = (
  h: Reals,
  order: Int32Array,
  i: number,
  d: number,
  v: Float64Array,
  vo: number,
  w: Float64Array,
): void => {
  const a = (order[i] ?? 0) * d
  const b = (order[i + 1] ?? 0) * d
  const c = (order[i + 2] ?? 0) * d
  const e = (order[i + 3] ?? 0) * d
  let ya = 0
  let yb = 0
  let yc = 0
  let ye = 0
  for (let j = 0; j < d; j++) {
    const x = v[vo + j] ?? 0
    ya += (h[a + j] ?? 0) * x
    yb += (h[b + j] ?? 0) * x
    yc += (h[c + j] ?? 0) * x
    ye += (h[e + j] ?? 0) * x
  }
  for (let j = 0; j < d; j++) {
    const ab = ya * (h[a + j] ?? 0) + yb * (h[b + j] ?? 0)
    const ce = yc * (h[c + j] ?? 0) + ye * (h[e + j] ?? 0)
    w[vo + j] = (w[vo + j] ?? 0) + (ab + ce)
  }
}

/** g (d x d at `go`, upper triangle) += the outer product of the row of h at a. */
export const addOuter = (h: Reals, a: number, d: number, g: Float64Array, go: number): void => {
  for (let i = 0; i < d; i++) {
    const x = h[a + i] ?? 0
    const row = go + i * d
    for (let j = i; j < d; j++) g[row + j] = (g[row + j] ?? 0) + x * (h[a + j] ?? 0)
  }
}

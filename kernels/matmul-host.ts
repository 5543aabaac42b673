// Reference kernel of the matrix product: rows against rows, four at a time; other forms are transposed first.
import { type Flat, hostKernel, hostQuads } from './gpu-js.ts'
import { type Form, type Sizes, transposesA, transposesB } from './matmul-form.ts'

const transpose = hostKernel(function (x: Flat, rows: number, columns: number) {
  const c = Math.floor(this.thread.x / rows)
  return x[(this.thread.x - c * rows) * columns + c] ?? 0
})

const rowsTimesRows = hostQuads(function (a: Flat, b: Flat, m: number, k: number) {
  let s0 = 0
  let s1 = 0
  let s2 = 0
  let s3 = 0
  const row = 4 * this.thread.y
  const a0 = row * k
  const a1 = Math.min(row + 1, m - 1) * k
  const a2 = Math.min(row + 2, m - 1) * k
  const a3 = Math.min(row + 3, m - 1) * k
  const b0 = this.thread.x * k
  for (let i = 0; i < k; i++) {
    const v = b[b0 + i] ?? 0
    s0 += (a[a0 + i] ?? 0) * v
    s1 += (a[a1 + i] ?? 0) * v
    s2 += (a[a2 + i] ?? 0) * v
    s3 += (a[a3 + i] ?? 0) * v
  }
  return [s0, s1, s2, s3]
})

/** The product [m, n] of two matrices in the given form, summed in double precision. */
export const hostProduct = (a: Flat, b: Flat, { m, n, k }: Sizes, form: Form): Float32Array =>
  rowsTimesRows(
    m,
    n,
    transposesA(form) ? transpose(m * k, a, k, m) : a,
    transposesB(form) ? b : transpose(k * n, b, k, n),
    m,
    k,
  )

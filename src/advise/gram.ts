// Inner products of rows or of columns, whichever are fewer, read in narrow panels: beside the
// result of min(N, d)^2 numbers only two megabytes are taken, however wide the features.
import * as E from 'fp-ts/Either'
import type { Features } from '../collapse/features.ts'
import { multiplyNT, threes, triples } from '../collapse/matrix.ts'
import { badShape, type MetricError } from '../collapse/metric-error.ts'
import { dots3x3 } from '../collapse/row-kernels.ts'

/** How columns are read: (value - `centre`[j]) * `scale`[j], both [d]. */
export interface Reading {
  readonly centre: Float64Array
  readonly scale: Float64Array
}

/** The largest min(N, d) taken: 32 MiB a matrix, minutes for its eigenvectors. */
export const largestSide = 2048

/** Left where min(N, d) passes `largestSide`. */
export const checkSide = ({ n, d }: Features): E.Either<MetricError, number> => {
  const side = Math.min(n, d)
  return side <= largestSide
    ? E.right(side)
    : E.left(badShape(`[${n}, ${d}] features, N or d at most ${largestSide}`))
}

/** The reading that leaves values as they are. */
export const asTheyAre = (d: number): Reading => ({
  centre: new Float64Array(d),
  scale: new Float64Array(d).fill(1),
})

/** The columns' means over rows, [d]. */
export const columnMeans = ({ data, n, d }: Features): Float64Array => {
  const sums = new Float64Array(d)
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < d; j++) sums[j] = (sums[j] ?? 0) + (data[i * d + j] ?? 0)
  }
  return sums.map(sum => sum / n)
}

const panelSize = 2 ** 18

const panelWidth = (rows: number, length: number): number =>
  Math.min(length, Math.max(32, Math.floor(panelSize / rows)))

/** Rows [from, to) of the features as read, to `out` [to - from, d]. */
export const readRows = (
  { data, d }: Features,
  { centre, scale }: Reading,
  from: number,
  to: number,
  out: Float64Array,
): void => {
  for (let i = from; i < to; i++) {
    const at = (i - from) * d
    for (let j = 0; j < d; j++) {
      out[at + j] = ((data[i * d + j] ?? 0) - (centre[j] ?? 0)) * (scale[j] ?? 0)
    }
  }
}

// Columns [from, from + width) of all rows, [n, width].
const readColumns = (
  { data, n, d }: Features,
  { centre, scale }: Reading,
  from: number,
  width: number,
  out: Float64Array,
): void => {
  for (let i = 0; i < n; i++) {
    const [at, row] = [i * width, i * d]
    for (let j = 0; j < width; j++) {
      const column = from + j
      out[at + j] = ((data[row + column] ?? 0) - (centre[column] ?? 0)) * (scale[column] ?? 0)
    }
  }
}

// Rows [from, from + width) turned, [d, width].
const readTurned = (
  { data, d }: Features,
  { centre, scale }: Reading,
  from: number,
  width: number,
  out: Float64Array,
): void => {
  for (let i = 0; i < width; i++) {
    const row = (from + i) * d
    for (let j = 0; j < d; j++) {
      out[j * width + i] = ((data[row + j] ?? 0) - (centre[j] ?? 0)) * (scale[j] ?? 0)
    }
  }
}

const addTile = (tile: Float64Array, to: Float64Array, at: number, stride: number): void => {
  for (let a = 0; a < 3; a++) {
    for (let b = 0; b < 3; b++) {
      to[at + a * stride + b] = (to[at + a * stride + b] ?? 0) + (tile[3 * a + b] ?? 0)
    }
  }
}

// sum += panel panel^T below and on the diagonal, for a panel of `width` whose rows are in threes.
const addGram = (panel: Float64Array, width: number, sum: Float64Array, side: number): void => {
  const rows = triples(panel, width)
  const tile = new Float64Array(9)
  rows.forEach((x, i) => {
    for (let j = 0; j <= i; j++) {
      dots3x3(x, rows[j] ?? x, width, tile, 0, 3)
      addTile(tile, sum, 3 * (i * side + j), side)
    }
  })
}

/** X X^T [N, N] where N <= d, else X^T X [d, d], of the features as read; float64 sums. */
export const gramOf = (features: Features, reading: Reading): Float64Array => {
  const { n, d } = features
  const [side, length] = n <= d ? [n, d] : [d, n]
  const read = n <= d ? readColumns : readTurned
  const wide = threes(side)
  const sum = new Float64Array(wide * wide)
  const most = panelWidth(wide, length)
  for (let from = 0; from < length; from += most) {
    const width = Math.min(most, length - from)
    const panel = new Float64Array(wide * width)
    read(features, reading, from, width, panel)
    addGram(panel, width, sum, wide)
  }
  const gram = new Float64Array(side * side)
  for (let i = 0; i < side; i++) {
    for (let j = 0; j <= i; j++) {
      const x = sum[i * wide + j] ?? 0
      gram[i * side + j] = x
      gram[j * side + i] = x
    }
  }
  return gram
}

/** X Y^T [N of x, N of y] of features of one width, both read alike. */
export const crossGram = (x: Features, y: Features, reading: Reading): Float64Array => {
  const sum = new Float64Array(x.n * y.n)
  const most = panelWidth(x.n + y.n, x.d)
  for (let from = 0; from < x.d; from += most) {
    const width = Math.min(most, x.d - from)
    const [left, right] = [new Float64Array(x.n * width), new Float64Array(y.n * width)]
    readColumns(x, reading, from, width, left)
    readColumns(y, reading, from, width, right)
    const product = multiplyNT(left, x.n, right, y.n, width)
    for (let at = 0; at < sum.length; at++) sum[at] = (sum[at] ?? 0) + (product[at] ?? 0)
  }
  return sum
}

// The loss of multinomial logistic regression and its gradient, block by block, in float64.
import { multiplyNT } from '../collapse/matrix.ts'
import type { Valued } from './lbfgs.ts'

/** Standardised rows [m, d] and their classes. */
export interface RowBlock {
  readonly rows: Float64Array
  readonly ids: Int32Array
}

/** Blocks of rows of width d over `classes` classes, `n` in all; `l2` on the weights only. */
export interface Regression {
  readonly blocks: ReadonlyArray<RowBlock>
  readonly n: number
  readonly d: number
  readonly classes: number
  readonly l2: number
}

/** Logits [m, K] of rows [m, d] under parameters W [K, d], b [K] in one array. */
export const logitsOf = (
  rows: Float64Array,
  m: number,
  parameters: Float64Array,
  classes: number,
  d: number,
): Float64Array => {
  const weights = parameters.subarray(0, classes * d)
  const logits = multiplyNT(rows.subarray(0, m * d), m, weights, classes, d)
  for (let at = 0; at < logits.length; at++) {
    logits[at] = (logits[at] ?? 0) + (parameters[classes * d + (at % classes)] ?? 0)
  }
  return logits
}

// Logits become softmax - one-hot in place; returns the sum of losses.
const toErrors = (logits: Float64Array, ids: Int32Array, classes: number): number => {
  let loss = 0
  for (let i = 0; i < ids.length; i++) {
    const row = logits.subarray(i * classes, i * classes + classes)
    const own = ids[i] ?? 0
    const top = row.reduce((most, x) => Math.max(most, x), Number.NEGATIVE_INFINITY)
    const target = (row[own] ?? 0) - top
    let sum = 0
    for (let k = 0; k < classes; k++) {
      const p = Math.exp((row[k] ?? 0) - top)
      row[k] = p
      sum += p
    }
    for (let k = 0; k < classes; k++) row[k] = (row[k] ?? 0) / sum
    row[own] = (row[own] ?? 0) - 1
    loss += Math.log(sum) - target
  }
  return loss
}

// g[to ..] += the four rows from `at`, weighted; rows past the end have weight 0.
const addFour = (
  rows: Float64Array,
  at: number,
  d: number,
  weights: readonly [number, number, number, number],
  g: Float64Array,
  to: number,
): void => {
  const [p, q, r, s] = weights
  const b = at + d
  const c = b + d
  const e = c + d
  for (let j = 0; j < d; j++) {
    const ab = p * (rows[at + j] ?? 0) + q * (rows[b + j] ?? 0)
    const ce = r * (rows[c + j] ?? 0) + s * (rows[e + j] ?? 0)
    g[to + j] = (g[to + j] ?? 0) + (ab + ce)
  }
}

const addGradient = (
  { rows, ids }: RowBlock,
  errors: Float64Array,
  { classes, d, n }: Regression,
  gradient: Float64Array,
): void => {
  const share = (i: number, k: number): number =>
    i < ids.length ? (errors[i * classes + k] ?? 0) / n : 0
  for (let i = 0; i < ids.length; i += 4) {
    for (let k = 0; k < classes; k++) {
      const four = [share(i, k), share(i + 1, k), share(i + 2, k), share(i + 3, k)] as const
      addFour(rows, i * d, d, four, gradient, k * d)
      const bias = classes * d + k
      gradient[bias] = (gradient[bias] ?? 0) + four[0] + four[1] + four[2] + four[3]
    }
  }
}

/** Mean cross-entropy + l2/2 ||W||^2 in nats, and its gradient, at W [K, d], b [K] in one array. */
export const regressionLoss =
  (regression: Regression) =>
  (parameters: Float64Array): Valued => {
    const { blocks, n, d, classes, l2 } = regression
    const gradient = new Float64Array(parameters.length)
    let loss = 0
    for (const block of blocks) {
      const errors = logitsOf(block.rows, block.ids.length, parameters, classes, d)
      loss += toErrors(errors, block.ids, classes)
      addGradient(block, errors, regression, gradient)
    }
    let square = 0
    for (let at = 0; at < classes * d; at++) {
      const w = parameters[at] ?? 0
      square += w * w
      gradient[at] = (gradient[at] ?? 0) + l2 * w
    }
    return { value: loss / n + (l2 / 2) * square, gradient }
  }

/** How many rows have their own class on top; ties go to the lower class. */
export const hitsOf = (logits: Float64Array, ids: Int32Array, classes: number): number => {
  let hits = 0
  for (let i = 0; i < ids.length; i++) {
    const row = logits.subarray(i * classes, i * classes + classes)
    const top = row.reduce((best, x, k) => (x > (row[best] ?? 0) ? k : best), 0)
    if (top === ids[i]) hits++
  }
  return hits
}

// Reference kernels of batch norm. gpu.js drops the braces of an `if` that is all of a loop's body: they have none.
import { type Flat, hostKernel } from './gpu-js.ts'

/** Rows whose image has a weight above 0, [1]. */
export const hostCount = hostKernel(function (weights: Flat, images: number, span: number) {
  let count = 0
  for (let i = this.thread.x; i < images; i += this.output.x) {
    count += (weights[i] ?? 0) > 0 ? span : 0
  }
  return count
})

/** Mean of every column over the rows that count. */
export const hostMean = hostKernel(function (
  x: Flat,
  weights: Flat,
  rows: number,
  width: number,
  span: number,
) {
  let count = 0
  let sum = 0
  for (let r = 0; r < rows; r++) {
    const real = (weights[Math.floor(r / span)] ?? 0) > 0 ? 1 : 0
    count += real
    sum += real > 0 ? (x[r * width + this.thread.x] ?? 0) : 0
  }
  return sum / Math.max(count, 1)
})

/** Biased variance of every column over the rows that count. */
export const hostVariance = hostKernel(function (
  x: Flat,
  weights: Flat,
  mean: Flat,
  rows: number,
  width: number,
  span: number,
) {
  let count = 0
  let sum = 0
  for (let r = 0; r < rows; r++) {
    const real = (weights[Math.floor(r / span)] ?? 0) > 0 ? 1 : 0
    const d = (x[r * width + this.thread.x] ?? 0) - (mean[this.thread.x] ?? 0)
    count += real
    sum += real > 0 ? d * d : 0
  }
  return sum / Math.max(count, 1)
})

/** a (x - mean) + beta, clamped to [0, cap] where cap is above 0. */
export const hostNorm = hostKernel(function (
  x: Flat,
  gamma: Flat,
  beta: Flat,
  mean: Flat,
  variance: Flat,
  width: number,
  eps: number,
  cap: number,
) {
  const c = this.thread.x % width
  const a = (gamma[c] ?? 0) / Math.sqrt((variance[c] ?? 0) + eps)
  const y = a * ((x[this.thread.x] ?? 0) - (mean[c] ?? 0)) + (beta[c] ?? 0)
  return cap > 0 ? Math.min(Math.max(y, 0), cap) : y
})

/** dy where the normalised value y (unclamped) lies between 0 and cap, everywhere where cap is 0. */
export const hostMask = hostKernel(function (y: Flat, dy: Flat, cap: number) {
  const v = y[this.thread.x] ?? 0
  return cap === 0 || (v > 0 && v < cap) ? (dy[this.thread.x] ?? 0) : 0
})

/** Sum of d of every column. */
export const hostSum = hostKernel(function (d: Flat, rows: number, width: number) {
  let sum = 0
  for (let r = 0; r < rows; r++) {
    sum += d[r * width + this.thread.x] ?? 0
  }
  return sum
})

/** Sum of d (x - mean) / sqrt(variance + eps) of every column. */
export const hostProducts = hostKernel(function (
  d: Flat,
  x: Flat,
  mean: Flat,
  variance: Flat,
  rows: number,
  width: number,
  eps: number,
) {
  let sum = 0
  for (let r = 0; r < rows; r++) {
    const i = r * width + this.thread.x
    sum += (d[i] ?? 0) * ((x[i] ?? 0) - (mean[this.thread.x] ?? 0))
  }
  return sum / Math.sqrt((variance[this.thread.x] ?? 0) + eps)
})

/** a d. */
export const hostMapGradient = hostKernel(function (
  d: Flat,
  gamma: Flat,
  variance: Flat,
  width: number,
  eps: number,
) {
  const c = this.thread.x % width
  return ((gamma[c] ?? 0) / Math.sqrt((variance[c] ?? 0) + eps)) * (d[this.thread.x] ?? 0)
})

/** a (d - real (dbeta + xhat dgamma) / count), xhat = (x - mean) / sqrt(variance + eps). */
export const hostGradient = hostKernel(function (
  x: Flat,
  d: Flat,
  gamma: Flat,
  mean: Flat,
  variance: Flat,
  weights: Flat,
  count: Flat,
  dgamma: Flat,
  dbeta: Flat,
  width: number,
  span: number,
  eps: number,
) {
  const c = this.thread.x % width
  const row = (this.thread.x - c) / width
  const scale = 1 / Math.sqrt((variance[c] ?? 0) + eps)
  const xhat = ((x[this.thread.x] ?? 0) - (mean[c] ?? 0)) * scale
  const mine = ((dbeta[c] ?? 0) + xhat * (dgamma[c] ?? 0)) / Math.max(count[0] ?? 0, 1)
  const real = (weights[Math.floor(row / span)] ?? 0) > 0 ? 1 : 0
  return (gamma[c] ?? 0) * scale * ((d[this.thread.x] ?? 0) - real * mine)
})

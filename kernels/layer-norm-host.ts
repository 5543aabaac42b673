// Reference kernels of layer norm.
import { type Flat, hostKernel } from './gpu-js.ts'

/** Mean of every row. */
export const hostMean = hostKernel(function (x: Flat, width: number) {
  let sum = 0
  for (let c = 0; c < width; c++) {
    sum += x[this.thread.x * width + c] ?? 0
  }
  return sum / width
})

/** 1 / sqrt(biased variance + eps) of every row. */
export const hostInverse = hostKernel(function (x: Flat, mean: Flat, width: number, eps: number) {
  let sum = 0
  for (let c = 0; c < width; c++) {
    const d = (x[this.thread.x * width + c] ?? 0) - (mean[this.thread.x] ?? 0)
    sum += d * d
  }
  return 1 / Math.sqrt(sum / width + eps)
})

/** gamma (x - mean) inverse + beta. */
export const hostNorm = hostKernel(function (
  x: Flat,
  gamma: Flat,
  beta: Flat,
  mean: Flat,
  inverse: Flat,
  width: number,
) {
  const c = this.thread.x % width
  const row = (this.thread.x - c) / width
  const h = ((x[this.thread.x] ?? 0) - (mean[row] ?? 0)) * (inverse[row] ?? 0)
  return (gamma[c] ?? 0) * h + (beta[c] ?? 0)
})

/** [mean of gamma dy, mean of gamma dy h] of every row, h the normalised row; [rows, 2]. */
export const hostRowSums = hostKernel(function (
  x: Flat,
  dy: Flat,
  gamma: Flat,
  mean: Flat,
  inverse: Flat,
  width: number,
) {
  const which = this.thread.x % 2
  const row = (this.thread.x - which) / 2
  let sum = 0
  for (let c = 0; c < width; c++) {
    const i = row * width + c
    const h = ((x[i] ?? 0) - (mean[row] ?? 0)) * (inverse[row] ?? 0)
    sum += (gamma[c] ?? 0) * (dy[i] ?? 0) * (which === 1 ? h : 1)
  }
  return sum / width
})

/** inverse (gamma dy - mean of gamma dy - h mean of gamma dy h). */
export const hostGradient = hostKernel(function (
  x: Flat,
  dy: Flat,
  gamma: Flat,
  mean: Flat,
  inverse: Flat,
  sums: Flat,
  width: number,
) {
  const c = this.thread.x % width
  const row = (this.thread.x - c) / width
  const r = inverse[row] ?? 0
  const h = ((x[this.thread.x] ?? 0) - (mean[row] ?? 0)) * r
  const g = (gamma[c] ?? 0) * (dy[this.thread.x] ?? 0)
  return r * (g - (sums[2 * row] ?? 0) - h * (sums[2 * row + 1] ?? 0))
})

/** Sum of dy h of every column. */
export const hostProducts = hostKernel(function (
  x: Flat,
  dy: Flat,
  mean: Flat,
  inverse: Flat,
  rows: number,
  width: number,
) {
  let sum = 0
  for (let r = 0; r < rows; r++) {
    const i = r * width + this.thread.x
    sum += (dy[i] ?? 0) * ((x[i] ?? 0) - (mean[r] ?? 0)) * (inverse[r] ?? 0)
  }
  return sum
})

/** Sum of every column. */
export const hostSums = hostKernel(function (dy: Flat, rows: number, width: number) {
  let sum = 0
  for (let r = 0; r < rows; r++) {
    sum += dy[r * width + this.thread.x] ?? 0
  }
  return sum
})

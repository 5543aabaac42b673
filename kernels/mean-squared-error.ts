// Square loss against one-hot targets with its gradient, plain or rescaled.
import { real } from '../src/core/dispatch.ts'
import { defineOp, type Op } from '../src/core/op.ts'
import source from '../shaders/mean-squared-error.wgsl' with { type: 'text' }
import { type Flat, hostKernel } from './gpu-js.ts'
import { rowLoss } from './row-loss.ts'

/** Rescaled square loss of Hui and Belkin: factor `k` on the own class's term, target `M`; k = M = 1 is plain. */
export interface Rescale {
  readonly k: number
  readonly M: number
}

const losses = hostKernel(function (
  logits: Flat,
  labels: Flat,
  weight: Flat,
  classes: number,
  total: number,
  factor: number,
  height: number,
) {
  let sum = 0
  for (let k = 0; k < classes; k++) {
    const z = logits[this.thread.x * classes + k] ?? 0
    sum += k === labels[this.thread.x] ? factor * (z - height) * (z - height) : z * z
  }
  return total > 0 ? ((weight[this.thread.x] ?? 0) / (total * classes)) * sum : 0
})

const gradients = hostKernel(function (
  logits: Flat,
  labels: Flat,
  weight: Flat,
  classes: number,
  total: number,
  factor: number,
  height: number,
) {
  const k = this.thread.x % classes
  const row = (this.thread.x - k) / classes
  const z = logits[this.thread.x] ?? 0
  const share = total > 0 ? (2 * (weight[row] ?? 0)) / (total * classes) : 0
  return share * (k === labels[row] ? factor * (z - height) : z)
})

/**
 * (logits [B, K], labels u32 [B], weight [B]) -> [loss [1], dlogits [B, K]]: square loss against one-hot targets, the
 * mean over rows by weight and over classes, and its gradient. A label >= K has the target zero.
 */
export const meanSquaredError: Op<Rescale> = defineOp(
  rowLoss({
    name: 'meanSquaredError',
    shader: source,
    params: ({ k, M }) => [real(k), real(M)],
    oracle: ({ logits, labels, weight, total, batch, classes }, { k, M }) => [
      losses(batch, logits, labels, weight, classes, total, k, M),
      gradients(batch * classes, logits, labels, weight, classes, total, k, M),
    ],
  }),
)

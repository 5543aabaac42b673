// Softmax cross-entropy with its gradient, in one pass over the logits.
import { defineOp, type Op } from '../src/core/op.ts'
import source from '../shaders/softmax-cross-entropy.wgsl' with { type: 'text' }
import { type Flat, hostKernel } from './gpu-js.ts'
import { rowLoss } from './row-loss.ts'

const tops = hostKernel(function (logits: Flat, classes: number) {
  const start = this.thread.x * classes
  let top = logits[start] ?? 0
  for (let k = 1; k < classes; k++) {
    top = Math.max(top, logits[start + k] ?? 0)
  }
  return top
})

const sums = hostKernel(function (logits: Flat, top: Flat, classes: number) {
  let sum = 0
  for (let k = 0; k < classes; k++) {
    sum += Math.exp((logits[this.thread.x * classes + k] ?? 0) - (top[this.thread.x] ?? 0))
  }
  return sum
})

const losses = hostKernel(function (
  logits: Flat,
  labels: Flat,
  weight: Flat,
  top: Flat,
  sum: Flat,
  classes: number,
  total: number,
) {
  const row = this.thread.x
  const label = labels[row] ?? 0
  const own = label < classes ? (logits[row * classes + label] ?? 0) : 0
  const share = total > 0 ? (weight[row] ?? 0) / total : 0
  return share * (Math.log(sum[row] ?? 1) + (top[row] ?? 0) - own)
})

const gradients = hostKernel(function (
  logits: Flat,
  labels: Flat,
  weight: Flat,
  top: Flat,
  sum: Flat,
  classes: number,
  total: number,
) {
  const k = this.thread.x % classes
  const row = (this.thread.x - k) / classes
  const share = total > 0 ? (weight[row] ?? 0) / total : 0
  const p = Math.exp((logits[this.thread.x] ?? 0) - (top[row] ?? 0)) / (sum[row] ?? 1)
  return share * (k === labels[row] ? p - 1 : p)
})

/**
 * (logits [B, K], labels u32 [B], weight [B]) -> [loss [1], dlogits [B, K]]: cross-entropy of the softmax in nats, the
 * mean over rows by weight (weight 0 masks a row), and its gradient. A label >= K has no term of its own.
 */
export const softmaxCrossEntropy: Op<null> = defineOp(
  rowLoss({
    name: 'softmaxCrossEntropy',
    shader: source,
    params: () => [],
    oracle: ({ logits, labels, weight, total, batch, classes }) => {
      const top = tops(batch, logits, classes)
      const sum = sums(batch, logits, top, classes)
      return [
        losses(batch, logits, labels, weight, top, sum, classes, total),
        gradients(batch * classes, logits, labels, weight, top, sum, classes, total),
      ]
    },
  }),
)

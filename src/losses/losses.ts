// Losses over a batch in which masked rows weigh 0.
import { meanSquaredError as mseOp } from '../../kernels/mean-squared-error.ts'
import { softmaxCrossEntropy } from '../../kernels/softmax-cross-entropy.ts'
import { apply } from '../core/op.ts'
import type { Value } from '../core/value.ts'

/** (logits f32[B, K], labels u32[B], weights f32[B]) -> f32[1], a mean over the batch weighted by `weights`. */
export type Loss = (logits: Value, labels: Value, weights: Value) => Value

/** Mean cross-entropy of the softmax, as `torch.nn.CrossEntropyLoss`. */
export const crossEntropy: Loss = (logits, labels, weights) =>
  apply(softmaxCrossEntropy, null)(logits, labels, weights)

/**
 * Mean squared error against one-hot labels over batch and classes, as `torch.nn.MSELoss`; `k` weighs the true class
 * and `M` is its target (rescaled square loss of Hui and Belkin, arXiv 2006.07322); both 1 is the plain loss.
 */
export const meanSquaredError =
  ({ k = 1, M = 1 }: { readonly k?: number; readonly M?: number } = {}): Loss =>
  (logits, labels, weights) =>
    apply(mseOp, { k, M })(logits, labels, weights)

// The paper's multi-layer perceptron: Linear-ReLU blocks and a linear classifier.
import { relu } from '../../kernels/relu.ts'
import { dense } from '../nn/dense.ts'
import { elementwise } from '../nn/elementwise.ts'
import { untyped } from '../nn/layer.ts'
import { serial } from '../nn/serial.ts'
import type { Model } from './model.ts'

/** Size of an MLP. `depth` counts all linear layers, the classifier too: the paper's has 9, of width 784. */
export interface MlpConfig {
  readonly inputs: number
  readonly depth: number
  readonly width: number
  readonly classes: number
}

/** Blocks `layers.0` .. `layers.{depth-2}`, each Linear and ReLU; a block's output is its features after the ReLU. */
export const mlp = ({ inputs, depth, width, classes }: MlpConfig): Model => ({
  name: 'mlp',
  input: [inputs],
  classes,
  blocks: Array.from({ length: depth - 1 }, (_, i) => ({
    name: `layers.${i}`,
    layer: untyped(serial({ linear: dense(width), relu: elementwise({ op: relu, attrs: null }) })),
  })),
})

// The paper's multi-layer perceptron: Linear-ReLU blocks and a linear classifier.
import { relu } from '../../kernels/relu.ts'
import { dense } from '../nn/dense.ts'
import { elementwise } from '../nn/elementwise.ts'
import type { Empty, Layer } from '../nn/layer.ts'
import { serial } from '../nn/serial.ts'
import type { Model } from './model.ts'

/** Size of an MLP. `depth` counts all linear layers, the classifier too: the paper's has 9, of width 784. */
export interface MlpConfig {
  readonly inputs: number
  readonly depth: number
  readonly width: number
  readonly classes: number
  /** What follows each hidden linear layer; ReLU where it is left out. */
  readonly activation?: Layer<Empty, Empty>
}

const rectified = elementwise({ op: relu, attrs: null })

/** Blocks `layers.0` .. `layers.{depth-2}`, each Linear and activation; a block's output is its features after it. */
export const mlp = ({
  inputs,
  depth,
  width,
  classes,
  activation = rectified,
}: MlpConfig): Model => ({
  name: 'mlp',
  input: [inputs],
  classes,
  blocks: Array.from({ length: depth - 1 }, (_, i) => ({
    name: `layers.${i}`,
    layer: serial({ linear: dense(width), activation }),
  })),
})

// DenseNet-121 (Huang et al. 2017): blocks of layers each of which sees the outputs of all before it.
import { concat } from '../../kernels/concat.ts'
import { apply } from '../core/op.ts'
import { constant } from '../core/tree.ts'
import { batchNorm } from '../nn/batch-norm.ts'
import { conv2d } from '../nn/conv2d.ts'
import type { AnyLayer } from '../nn/layer.ts'
import { residual } from '../nn/residual.ts'
import { serial } from '../nn/serial.ts'
import type { Block, Model } from './model.ts'
import { halved, linearHead, stemPool } from './parts.ts'

/** What a DenseNet is made for; `stages` are the layers of each dense block, [6, 12, 24, 16] where left out. */
export interface DensenetConfig {
  readonly size: number
  readonly classes: number
  readonly growth?: number
  readonly stages?: ReadonlyArray<number>
}

const conv = (out: number, kernel: number, stride = 1) =>
  conv2d({ out, kernel, stride, padding: (kernel - 1) / 2, fan: 'in' })

const denseLayer = (growth: number): AnyLayer =>
  residual({
    branch: serial({
      norm1: batchNorm('relu'),
      conv1: conv(4 * growth, 1),
      norm2: batchNorm('relu'),
      conv2: conv(growth, 3),
    }),
    join: (made, before) => apply(concat, null)(before, made),
  })

const denseBlock = (count: number, growth: number): AnyLayer =>
  serial(
    Object.fromEntries(
      Array.from({ length: count }, (_, i) => [`denselayer${i + 1}`, denseLayer(growth)]),
    ),
  )

const transition = (out: number): AnyLayer =>
  serial({ norm: batchNorm('relu'), conv: conv(out, 1), pool: halved })

const blocksOf = (
  stages: ReadonlyArray<number>,
  growth: number,
  width: number,
): ReadonlyArray<Block> => {
  let channels = width
  return stages.flatMap((count, i) => {
    channels += count * growth
    const block: Block = {
      name: `features.denseblock${i + 1}`,
      layer: denseBlock(count, growth),
    }
    if (i === stages.length - 1) return [block]
    channels /= 2
    const name = `features.transition${i + 1}`
    return [block, { name, layer: transition(channels), fixed: true }]
  })
}

/** The network with torchvision's names; its units are the dense blocks. */
export const densenet = ({
  size,
  classes,
  growth = 32,
  stages = [6, 12, 24, 16],
}: DensenetConfig): Model => {
  const width = 2 * growth
  const stem = serial({ conv0: conv(width, 7, 2), norm0: batchNorm('relu'), pool0: stemPool })
  return {
    name: 'densenet121',
    input: [size, size, 3],
    classes,
    blocks: [
      { name: 'stem', path: 'features', layer: stem, fixed: true },
      ...blocksOf(stages, growth, width),
    ],
    tail: {
      name: 'norm5',
      path: 'features',
      layer: serial({ norm5: batchNorm('relu') }),
    },
    head: linearHead('classifier', { bias: constant(0) }),
  }
}

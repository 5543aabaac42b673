// MobileNetV2 (Sandler et al. 2018): inverted residuals with linear bottlenecks.
import { add } from '../../kernels/add.ts'
import { apply } from '../core/op.ts'
import { constant, normal } from '../core/tree.ts'
import { batchNorm } from '../nn/batch-norm.ts'
import { conv2d } from '../nn/conv2d.ts'
import { dense } from '../nn/dense.ts'
import { dropout } from '../nn/dropout.ts'
import type { AnyLayer } from '../nn/layer.ts'
import { residual } from '../nn/residual.ts'
import { serial } from '../nn/serial.ts'
import type { Block, Model } from './model.ts'

/** Expansion, channels, blocks, and stride of the first: a row of the paper's Table 2. */
export type MobileStage = readonly [expand: number, out: number, count: number, stride: number]

/** What a MobileNetV2 is made for. `dropout` is the share dropped before the classifier, 0.2 where left out. */
export interface MobilenetConfig {
  readonly size: number
  readonly classes: number
  readonly stages?: ReadonlyArray<MobileStage>
  readonly dropout?: number
}

const table: ReadonlyArray<MobileStage> = [
  [1, 16, 1, 1],
  [6, 24, 2, 2],
  [6, 32, 3, 2],
  [6, 64, 4, 2],
  [6, 96, 3, 1],
  [6, 160, 3, 2],
  [6, 320, 1, 1],
]

const first = 32
const last = 1280

interface Conv {
  readonly out: number
  readonly kernel: number
  readonly stride?: number
  readonly groups?: number
}

const convNorm = ({ out, kernel, stride = 1, groups = 1 }: Conv): AnyLayer =>
  serial({
    0: conv2d({ out, kernel, stride, padding: (kernel - 1) / 2, groups }),
    1: batchNorm('relu6'),
  })

const inverted = (before: number, out: number, expand: number, stride: number): AnyLayer => {
  const wide = before * expand
  const depthwise = convNorm({ out: wide, kernel: 3, stride, groups: wide })
  const narrow = conv2d({ out, kernel: 1 })
  const conv =
    expand === 1
      ? serial({ 0: depthwise, 1: narrow, 2: batchNorm() })
      : serial({
          0: convNorm({ out: wide, kernel: 1 }),
          1: depthwise,
          2: narrow,
          3: batchNorm(),
        })
  const branch = serial({ conv })
  return stride === 1 && before === out
    ? residual({ branch, join: (y, x) => apply(add, null)(y, x) })
    : branch
}

const blocksOf = (stages: ReadonlyArray<MobileStage>): ReadonlyArray<Block> => {
  let before = first
  let index = 0
  return stages.flatMap(([expand, out, count, stride]) =>
    Array.from({ length: count }, (_, i) => {
      const layer = inverted(before, out, expand, i === 0 ? stride : 1)
      before = out
      index += 1
      return { name: `features.${index}`, layer }
    }),
  )
}

/** The network with torchvision's names; its units are the inverted residuals. */
export const mobilenet = ({
  size,
  classes,
  stages = table,
  dropout: rate = 0.2,
}: MobilenetConfig): Model => {
  const blocks = blocksOf(stages)
  return {
    name: 'mobilenet_v2',
    input: [size, size, 3],
    classes,
    blocks: [
      {
        name: 'features.0',
        layer: convNorm({ out: first, kernel: 3, stride: 2 }),
        fixed: true,
      },
      ...blocks,
    ],
    tail: {
      name: `features.${blocks.length + 1}`,
      layer: convNorm({ out: last, kernel: 1 }),
    },
    head: {
      name: 'classifier',
      layer: n =>
        serial({
          0: dropout(rate, 'classifier.0'),
          1: dense(n, { weight: normal(0.01), bias: constant(0) }),
        }),
    },
  }
}

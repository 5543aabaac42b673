// The ResNets of 20 to 110 layers for CIFAR (He et al. 2016, Section 4.2), with shortcuts without parameters (option A).
import { addRelu } from '../../kernels/add-relu.ts'
import { avgPool2d } from '../../kernels/avg-pool.ts'
import { padColumns } from '../../kernels/resize-columns.ts'
import { apply } from '../core/op.ts'
import { batchNorm } from '../nn/batch-norm.ts'
import { conv2d } from '../nn/conv2d.ts'
import { stateless } from '../nn/layer.ts'
import { residual } from '../nn/residual.ts'
import { serial } from '../nn/serial.ts'
import type { Block, Model } from './model.ts'
import { linearHead } from './parts.ts'

/** Layers: 6 n + 2 for n blocks a stage. */
export const cifarDepths = [20, 32, 44, 56, 110] as const

/** What a CIFAR ResNet is made for; `size` is 32 for CIFAR. */
export interface CifarResnetConfig {
  readonly depth: number
  readonly size: number
  readonly classes: number
}

const conv = (out: number, stride = 1) => conv2d({ out, kernel: 3, stride, padding: 1 })

/** Each second pixel, with a quarter of the new channels as zeros on either side. */
const optionA = (width: number) =>
  stateless(x =>
    apply(padColumns, { width, start: width / 4 })(
      apply(avgPool2d, { kernel: 1, stride: 2, padding: 0 })(x),
    ),
  )

const block = (stage: number, i: number): Block => {
  const width = 16 * 2 ** stage
  const narrows = stage > 0 && i === 0
  const branch = serial({
    conv1: conv(width, narrows ? 2 : 1),
    bn1: batchNorm('relu'),
    conv2: conv(width),
    bn2: batchNorm(),
  })
  return {
    name: `layer${stage + 1}.${i}`,
    layer: residual({
      branch,
      ...(narrows ? { shortcut: { name: 'shortcut', layer: optionA(width) } } : {}),
      join: (a, b) => apply(addRelu, null)(a, b),
    }),
  }
}

/** The network under torchvision-like names (`layer1.0.conv1`, `fc`); its units are the residual blocks, in order. */
export const cifarResnet = ({ depth, size, classes }: CifarResnetConfig): Model => ({
  name: `resnet${depth}`,
  input: [size, size, 3],
  classes,
  blocks: [
    {
      name: 'stem',
      path: '',
      layer: serial({ conv1: conv(16), bn1: batchNorm('relu') }),
      fixed: true,
    },
    ...[0, 1, 2].flatMap(stage =>
      Array.from({ length: (depth - 2) / 6 }, (_, i) => block(stage, i)),
    ),
  ],
  head: linearHead('fc'),
})

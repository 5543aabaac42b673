// ResNet-18, 34 and 50 for ImageNet (He et al. 2016; V1.5: the stride is on the 3 x 3), and with a stem for small images.
import { addRelu } from '../../kernels/add-relu.ts'
import { apply } from '../core/op.ts'
import { batchNorm } from '../nn/batch-norm.ts'
import { conv2d } from '../nn/conv2d.ts'
import type { AnyLayer } from '../nn/layer.ts'
import { residual } from '../nn/residual.ts'
import { serial } from '../nn/serial.ts'
import type { Block, Model } from './model.ts'
import { linearHead, stemPool } from './parts.ts'

/** Blocks of each of the four stages, basic (two 3 x 3) or bottleneck (1 x 1, 3 x 3, 1 x 1). */
export interface ResnetDepth {
  readonly block: 'basic' | 'bottleneck'
  readonly stages: readonly [number, number, number, number]
}

/** The three depths of the paper. */
export const resnetDepths = {
  resnet18: { block: 'basic', stages: [2, 2, 2, 2] },
  resnet34: { block: 'basic', stages: [3, 4, 6, 3] },
  resnet50: { block: 'bottleneck', stages: [3, 4, 6, 3] },
} as const satisfies Readonly<Record<string, ResnetDepth>>

/** What a ResNet is made for; `stem` 'cifar' is a 3 x 3 convolution without pooling. `width` is that of the first stage. */
export interface ResnetConfig {
  readonly depth: keyof typeof resnetDepths
  readonly stem: 'imagenet' | 'cifar'
  readonly size: number
  readonly classes: number
  readonly width?: number
}

const join: Parameters<typeof residual>[0]['join'] = (branch, shortcut) =>
  apply(addRelu, null)(branch, shortcut)

const conv3 = (out: number, stride = 1) => conv2d({ out, kernel: 3, stride, padding: 1 })
const conv1 = (out: number, stride = 1) => conv2d({ out, kernel: 1, stride })

const branches: { readonly [K in ResnetDepth['block']]: (w: number, s: number) => AnyLayer } = {
  basic: (width, stride) =>
    serial({
      conv1: conv3(width, stride),
      bn1: batchNorm('relu'),
      conv2: conv3(width),
      bn2: batchNorm(),
    }),
  bottleneck: (width, stride) =>
    serial({
      conv1: conv1(width),
      bn1: batchNorm('relu'),
      conv2: conv3(width, stride),
      bn2: batchNorm('relu'),
      conv3: conv1(4 * width),
      bn3: batchNorm(),
    }),
}

const downsample = (out: number, stride: number): AnyLayer =>
  serial({ 0: conv1(out, stride), 1: batchNorm() })

interface Stage {
  readonly width: number
  readonly count: number
  readonly stride: number
  readonly before: number
}

const stageBlocks = (
  kind: ResnetDepth['block'],
  index: number,
  { width, count, stride, before }: Stage,
): ReadonlyArray<Block> => {
  const out = kind === 'basic' ? width : 4 * width
  return Array.from({ length: count }, (_, i): Block => {
    const changes = i === 0 && (stride !== 1 || before !== out)
    return {
      name: `layer${index + 1}.${i}`,
      layer: residual({
        branch: branches[kind](width, i === 0 ? stride : 1),
        ...(changes ? { shortcut: { name: 'downsample', layer: downsample(out, stride) } } : {}),
        join,
      }),
    }
  })
}

const stems = {
  imagenet: (width: number) =>
    serial({
      conv1: conv2d({ out: width, kernel: 7, stride: 2, padding: 3 }),
      bn1: batchNorm('relu'),
      maxpool: stemPool,
    }),
  cifar: (width: number) => serial({ conv1: conv3(width), bn1: batchNorm('relu') }),
}

/** The network with torchvision's names; its units are the residual blocks, in order. */
export const resnet = ({ depth, stem, size, classes, width = 64 }: ResnetConfig): Model => {
  const { block, stages } = resnetDepths[depth]
  const outs = stages.map((_, i) => width * 2 ** i * (block === 'basic' ? 1 : 4))
  return {
    name: stem === 'imagenet' ? depth : `${depth}-cifar`,
    input: [size, size, 3],
    classes,
    blocks: [
      { name: 'stem', path: '', layer: stems[stem](width), fixed: true },
      ...stages.flatMap((count, i) =>
        stageBlocks(block, i, {
          width: width * 2 ** i,
          count,
          stride: i === 0 ? 1 : 2,
          before: outs[i - 1] ?? width,
        }),
      ),
    ],
    head: linearHead('fc'),
  }
}

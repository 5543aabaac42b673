// Small networks of every kind of block, and targets that bind little: for tests of programs in parts.
import { add } from '../../kernels/add.ts'
import { addRelu } from '../../kernels/add-relu.ts'
import { concat } from '../../kernels/concat.ts'
import { gelu } from '../../kernels/gelu.ts'
import { maxPool2d } from '../../kernels/max-pool.ts'
import type { Target } from '../../src/core/dispatch.ts'
import { apply } from '../../src/core/op.ts'
import type { Named } from '../../src/device/engine.ts'
import { mlp } from '../../src/models/mlp.ts'
import type { Block, Model } from '../../src/models/model.ts'
import { vit } from '../../src/models/vit.ts'
import { batchNorm } from '../../src/nn/batch-norm.ts'
import { conv2d } from '../../src/nn/conv2d.ts'
import { dropout } from '../../src/nn/dropout.ts'
import { elementwise } from '../../src/nn/elementwise.ts'
import { stateless } from '../../src/nn/layer.ts'
import { residual } from '../../src/nn/residual.ts'
import { serial } from '../../src/nn/serial.ts'

/** A target that binds no more than `limit` bytes. */
export const limited = (limit: number): Target => ({
  family: 'tiled',
  limits: {
    maxWorkgroups: 65535,
    maxBindingBytes: limit,
    maxBufferBytes: 2 ** 30,
    maxTextureSize: 16384,
    workgroupBytes: 16384,
  },
})

const conv = (out: number, kernel: number, groups = 1, stride = 1) =>
  conv2d({ out, kernel, stride, padding: (kernel - 1) / 2, groups })

const network = (name: string, blocks: ReadonlyArray<Block>): Model => ({
  name,
  input: [8, 8, 3],
  classes: 3,
  blocks,
})

const resnetBlock: Block = {
  name: 'block',
  layer: residual({
    branch: serial({
      conv1: conv(8, 3),
      norm1: batchNorm('relu'),
      conv2: conv(8, 3),
      norm2: batchNorm(),
    }),
    join: (a, b) => apply(addRelu, null)(a, b),
  }),
}

const stem = (out: number): Block => ({
  name: 'stem',
  layer: serial({
    conv: conv(out, 3),
    norm: batchNorm('relu'),
    pool: stateless(x => apply(maxPool2d, { kernel: 3, stride: 1, padding: 1 })(x)),
    dropout: dropout(0.3, 'stem'),
  }),
})

const mobileBlock: Block = {
  name: 'block',
  layer: residual({
    branch: serial({
      conv1: conv(16, 1),
      norm1: batchNorm('relu6'),
      conv2: conv(16, 3, 16),
      norm2: batchNorm('relu6'),
      conv3: conv(8, 1),
      norm3: batchNorm(),
    }),
    join: (a, b) => apply(add, null)(a, b),
  }),
}

const denseBlock: Block = {
  name: 'block',
  layer: residual({
    branch: serial({
      norm1: batchNorm('relu'),
      conv1: conv(16, 1),
      norm2: batchNorm('relu'),
      conv2: conv(5, 3),
    }),
    join: (made, before) => apply(concat, null)(before, made),
  }),
}

const down: Block = {
  name: 'down',
  layer: serial({ conv: conv(4, 3, 1, 2), gelu: elementwise({ op: gelu, attrs: null }) }),
}

/** Networks by name, the least limit that their parameters and single images leave, and the largest batch to try. */
export const blockModels: Readonly<Record<string, readonly [Model, number, number]>> = {
  'a ResNet block': [network('resnet', [stem(8), resnetBlock, down]), 2400, 8],
  'a MobileNet block': [network('mobilenet', [stem(8), mobileBlock, down]), 4100, 8],
  'a DenseNet block': [network('densenet', [stem(8), denseBlock, down]), 4100, 8],
  'a ViT block': [
    vit({ name: 'vit', size: 8, classes: 3, patch: 2, width: 8, depth: 1, heads: 2, hidden: 12 }),
    2400,
    8,
  ],
  'an MLP': [mlp({ inputs: 24, depth: 3, width: 18, classes: 3 }), 1800, 120],
}

const norm = (xs: Iterable<number>): number => Math.sqrt([...xs].reduce((s, x) => s + x * x, 0))

/** Which array differs by more than `tolerance`, relative to its norm, or to 0.1 where that is less; null for none. */
export const alike = (found: Named, wanted: Named, tolerance: number): string | null => {
  for (const [name, expected] of Object.entries(wanted)) {
    const actual = found[name]
    if (actual?.length !== expected.length) return `${name}: ${actual?.length} elements`
    const far = norm([...expected].map((e, i) => e - (actual[i] ?? Number.NaN)))
    if (!(far <= tolerance * Math.max(norm(expected), 0.1))) return `${name}: ${far}`
  }
  return null
}

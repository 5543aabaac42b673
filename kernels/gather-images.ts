// Batches of images taken on the device from packed bytes, standardised on the way.
import * as E from 'fp-ts/Either'
import { f32, sizeOf } from '../src/core/aval.ts'
import { input, output, real, word } from '../src/core/dispatch.ts'
import { defineOp, noGradient, type Op } from '../src/core/op.ts'
import source from '../shaders/gather-images.wgsl' with { type: 'text' }
import { type Flat, hostKernel, none } from './gpu-js.ts'
import { overVec4s } from './pointwise.ts'
import { isArray, operand, rowsOf, widthOf } from './shapes.ts'

/** Bytes of one image, and per channel (last, at most 4) the mean and deviation of pixels in [0, 1]. */
export interface ImageFormat {
  readonly features: number
  readonly mean: ReadonlyArray<number>
  readonly std: ReadonlyArray<number>
}

const kernel = hostKernel(function (
  data: Flat,
  index: Flat,
  features: number,
  rowWords: number,
  channels: number,
  scale: Flat,
  shift: Flat,
) {
  const column = this.thread.x % features
  const row = index[(this.thread.x - column) / features] ?? 0
  const word = data[row * rowWords + Math.floor(column / 4)] ?? 0
  const byte = (word >> (8 * (column % 4))) & 255
  return byte * (scale[column % channels] ?? 0) + (shift[column % channels] ?? 0)
})

const affine = ({ mean, std }: ImageFormat) => {
  const channels = Array.from({ length: 4 }, (_, c) => ({ m: mean[c] ?? 0, s: std[c] ?? 1 }))
  return {
    scale: channels.map(({ s }) => 1 / (255 * s)),
    shift: channels.map(({ m, s }) => -m / s),
  }
}

const isFormat = ({ features, mean, std }: ImageFormat): boolean =>
  Number.isInteger(features / mean.length) &&
  mean.length <= 4 &&
  std.length === mean.length &&
  std.every(s => s > 0)

/**
 * (data u32 [N, ceil(d / 4)], index u32 [B]) -> f32 [B, d]: (pixel / 255 - mean) / std of the indexed images. A word
 * holds four bytes, the first in the lowest bits. An index >= N takes the last image.
 */
export const gatherImages: Op<ImageFormat> = defineOp({
  name: 'gatherImages',
  infer: ([data, index, ...more], format) =>
    isFormat(format) &&
    isArray(data, 'u32', 2) &&
    widthOf(data) === Math.ceil(format.features / 4) &&
    isArray(index, 'u32', 1) &&
    more.length === 0
      ? E.right([f32(widthOf(index), format.features)])
      : E.left(
          'needs data u32[N, ceil(features / 4)], index u32[B], and mean and std of 1 to 4 channels',
        ),
  lower: ({ attrs, ins, outs }, target) => {
    const { scale, shift } = affine(attrs)
    const data = operand(ins, 0)
    const y = operand(outs, 0)
    const words = [sizeOf(y), attrs.features, widthOf(data), rowsOf(data), attrs.mean.length, 0, 0]
    return [
      overVec4s(y, target, {
        label: 'gatherImages',
        shader: source,
        params: [...words.map(word), ...scale.map(real), ...shift.map(real)],
        bindings: [input(0), input(1), output()],
      }),
    ]
  },
  vjp: noGradient,
  oracle: ([data = none, index = none], { attrs, ins, outs }) => {
    const { scale, shift } = affine(attrs)
    const rows = rowsOf(operand(ins, 0))
    return [
      kernel(
        sizeOf(operand(outs, 0)),
        data,
        index.map(i => Math.min(i, rows - 1)),
        attrs.features,
        widthOf(operand(ins, 0)),
        attrs.mean.length,
        Float32Array.from(scale),
        Float32Array.from(shift),
      ),
    ]
  },
})

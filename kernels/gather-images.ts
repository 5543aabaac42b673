// Batches of images taken on the device from packed bytes, standardised on the way.
import * as E from 'fp-ts/Either'
import { type Aval, f32, sameAval, sizeOf } from '../src/core/aval.ts'
import { type Dispatch, input, output, real, type Target, word } from '../src/core/dispatch.ts'
import { defineOp, noGradient, type Op, primitive, type Site } from '../src/core/op.ts'
import divide from '../shaders/divide.wgsl' with { type: 'text' }
import source from '../shaders/gather-images.wgsl' with { type: 'text' }
import { type Flat, hostKernel, none } from './gpu-js.ts'
import type { TablePart } from './gather-rows.ts'
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

/** One dispatch over a part of the images that begins at image `first`. */
const gathered = (
  label: string,
  format: ImageFormat,
  [data, y]: readonly [Aval, Aval],
  first: number,
  target: Target,
): Dispatch => {
  const { scale, shift } = affine(format)
  const sizes = [sizeOf(y), format.features, widthOf(data), rowsOf(data), format.mean.length]
  return overVec4s(y, target, {
    label,
    shader: source + divide,
    params: [...[...sizes, first, 0].map(word), ...scale.map(real), ...shift.map(real)],
    bindings: [input(0), input(1), output()],
  })
}

const areImages = (
  format: ImageFormat,
  data: Aval | undefined,
  index: Aval | undefined,
): index is Aval =>
  isFormat(format) &&
  isArray(data, 'u32', 2) &&
  widthOf(data) === Math.ceil(format.features / 4) &&
  isArray(index, 'u32', 1)

/** The indexed images on the host; an index behind the last image takes that. */
const hostImages = (
  [data, index]: readonly [Flat, Flat],
  format: ImageFormat,
  { ins, outs }: Pick<Site<unknown>, 'ins' | 'outs'>,
): Float32Array => {
  const { scale, shift } = affine(format)
  const rows = rowsOf(operand(ins, 0))
  return kernel(
    sizeOf(operand(outs, 0)),
    data,
    index.map(i => Math.min(i, rows - 1)),
    format.features,
    widthOf(operand(ins, 0)),
    format.mean.length,
    Float32Array.from(scale),
    Float32Array.from(shift),
  )
}

const keepBefore = hostKernel(function (
  y: Flat,
  fresh: Flat,
  index: Flat,
  features: number,
  first: number,
) {
  const row = Math.floor(this.thread.x / features)
  return (index[row] ?? 0) < first ? (y[this.thread.x] ?? 0) : (fresh[this.thread.x] ?? 0)
})

/** A format, and the image at which a part of the images begins. */
export interface FurtherImages extends ImageFormat, TablePart {}

/** (part of the images u32 [n, ceil(d / 4)], index u32 [B], y [B, d]) -> y, overwritten where index >= `first`. */
export const gatherFurtherImages: Op<FurtherImages> = defineOp({
  name: 'gatherFurtherImages',
  overwrites: [{ index: 2, port: 0 }],
  infer: ([data, index, y, ...more], { first, ...format }) =>
    areImages(format, data, index) &&
    y !== undefined &&
    sameAval(y, f32(widthOf(index), format.features)) &&
    Number.isInteger(first) &&
    more.length === 0
      ? E.right([y])
      : E.left('needs data u32[n, ceil(features / 4)], index u32[B] and y f32[B, features]'),
  lower: ({ attrs, ins, outs }, target) => [
    gathered(
      'gatherFurtherImages',
      attrs,
      [operand(ins, 0), operand(outs, 0)],
      attrs.first,
      target,
    ),
  ],
  vjp: noGradient,
  oracle: ([data = none, index = none, y = none], { attrs, ins, outs }) => {
    const own = index.map(i => Math.max(i - attrs.first, 0))
    const fresh = hostImages([data, own], attrs, { ins, outs })
    return [keepBefore(y.length, y, fresh, index, attrs.features, attrs.first)]
  },
})

/**
 * (data u32 [N, ceil(d / 4)], index u32 [B]) -> f32 [B, d]: (pixel / 255 - mean) / std of the indexed images. A word
 * holds four bytes, the first in the lowest bits. An index >= N takes the last image.
 */
export const gatherImages: Op<ImageFormat> = defineOp({
  name: 'gatherImages',
  split: ({ attrs }) => [
    {
      ins: ['table', 'rows'],
      outs: ['rows'],
      further: first => primitive(gatherFurtherImages, { ...attrs, first }),
    },
  ],
  infer: ([data, index, ...more], format) =>
    areImages(format, data, index) && more.length === 0
      ? E.right([f32(widthOf(index), format.features)])
      : E.left(
          'needs data u32[N, ceil(features / 4)], index u32[B], and mean and std of 1 to 4 channels',
        ),
  lower: ({ attrs, ins, outs }, target) => [
    gathered('gatherImages', attrs, [operand(ins, 0), operand(outs, 0)], 0, target),
  ],
  vjp: noGradient,
  oracle: ([data = none, index = none], { attrs, ins, outs }) => [
    hostImages([data, index], attrs, { ins, outs }),
  ],
})

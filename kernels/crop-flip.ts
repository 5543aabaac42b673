// Random crops and flips of images, as training varies them: drawn by counters from seed, step and place in the batch.
import * as E from 'fp-ts/Either'
import { sizeOf } from '../src/core/aval.ts'
import { input, output, real, word } from '../src/core/dispatch.ts'
import { defineOp, noGradient, type Op, primitive } from '../src/core/op.ts'
import source from '../shaders/crop-flip.wgsl' with { type: 'text' }
import { type Flat, hostKernel, none } from './gpu-js.ts'
import { overVec4s } from './pointwise.ts'
import { isArray, isVector, operand } from './shapes.ts'

/**
 * Images of `width` pixels of as many channels as `margin` has (1 to 4), shifted by up to `reach` pixels either way; what
 * comes in from outside has the value `margin` by channel. `key` tells it from what else is drawn in a step; `first` is the
 * place in the batch of the first image, 0 where left out.
 */
export interface CropFlip {
  readonly width: number
  readonly reach: number
  readonly margin: ReadonlyArray<number>
  readonly key: number
  readonly first?: number
}

const kernel = hostKernel(function (
  x: Flat,
  random: Flat,
  features: number,
  width: number,
  channels: number,
  reach: number,
  margin: Flat,
  key: number,
  first: number,
) {
  let stream = 0
  for (let k = 0; k < 3; k++) {
    const given = k === 0 ? key : (random[2 - k] ?? 0)
    let z = (stream + given) >>> 0
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad)
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97)
    stream = (z ^ (z >>> 15)) >>> 0
  }
  const place = this.thread.x % features
  const image = (this.thread.x - place) / features
  let bits = (image + first) >>> 0
  for (let k = 0; k < 2; k++) {
    let z = (bits + k * stream) >>> 0
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad)
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97)
    bits = (z ^ (z >>> 15)) >>> 0
  }
  const ways = 2 * reach + 1
  const dy = Math.floor((((bits >>> 1) & 32767) * ways) / 32768) - reach
  const dx = Math.floor(((bits >>> 16) * ways) / 65536) - reach
  const channel = place % channels
  const pixel = (place - channel) / channels
  const column = pixel % width
  const row = (pixel - column) / width
  const fromRow = row + dy
  const fromColumn = ((bits & 1) === 1 ? width - 1 - column : column) + dx
  const height = features / (channels * width)
  if (fromRow < 0 || fromRow >= height || fromColumn < 0 || fromColumn >= width) {
    return margin[channel] ?? 0
  }
  return x[image * features + (fromRow * width + fromColumn) * channels + channel] ?? 0
})

const isWhole = (n: number, least: number): boolean => Number.isInteger(n) && n >= least

/**
 * (x f32[B, H W C], random u32[2] = [seed, step]) -> the same images, each shifted by whole pixels, uniform in +-reach
 * down and across, and mirrored left to right every other time: torchvision's RandomCrop with padding, then
 * RandomHorizontalFlip. The same random numbers and key vary the image at a place in the batch in the same way.
 */
export const cropFlip: Op<CropFlip> = defineOp({
  name: 'cropFlip',
  split: ({ attrs, ins }) => [
    {
      ins: ['rows', 'whole'],
      outs: ['rows'],
      part: ({ from, of }) => {
        const before = ((operand(ins, 0).shape[0] ?? 1) / of) * from
        return primitive(cropFlip, { ...attrs, first: (attrs.first ?? 0) + before })
      },
    },
  ],
  infer: ([x, random, ...more], { width, reach, margin }) => {
    const features = x?.shape[1] ?? 0
    const fits =
      isArray(x, 'f32', 2) &&
      isVector(random, 'u32', 2) &&
      more.length === 0 &&
      isWhole(width, 1) &&
      isWhole(reach, 0) &&
      reach < 2 ** 14 &&
      isWhole(margin.length, 1) &&
      margin.length <= 4 &&
      features % (width * margin.length) === 0
    return fits
      ? E.right([x])
      : E.left('needs x f32[B, H W C], random u32[2], and a margin of 1 to 4 channels')
  },
  lower: ({ attrs: { width, reach, margin, key, first = 0 }, ins }, target) => {
    const x = operand(ins, 0)
    const words = [sizeOf(x), x.shape[1] ?? 1, width, margin.length, reach, key, first]
    const values = Array.from({ length: 4 }, (_, c) => margin[c] ?? 0)
    return [
      overVec4s(x, target, {
        label: 'cropFlip',
        shader: source,
        params: [...words.map(word), ...values.map(real)],
        bindings: [input(0), input(1), output()],
      }),
    ]
  },
  vjp: noGradient,
  oracle: ([x = none, random = none], { attrs: { width, reach, margin, key, first = 0 }, ins }) => [
    kernel(
      x.length,
      x,
      random,
      operand(ins, 0).shape[1] ?? 1,
      width,
      margin.length,
      reach,
      Float32Array.from(margin),
      key,
      first,
    ),
  ],
})

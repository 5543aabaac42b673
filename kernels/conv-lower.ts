// Lowering of a convolution and of its input gradient: operands as texels, then implicit products or depthwise sums.
import {
  type Dispatch,
  type Family,
  groupsFor,
  type Ref,
  type Target,
  type Word,
  type Work,
  word,
} from '../src/core/dispatch.ts'
import depthwiseSource from '../shaders/conv-depthwise.wgsl' with { type: 'text' }
import subgroupSource from '../shaders/conv-subgroup.wgsl' with { type: 'text' }
import textureSource from '../shaders/conv-texture.wgsl' with { type: 'text' }
import tiledSource from '../shaders/conv-tiled.wgsl' with { type: 'text' }
import windowSource from '../shaders/conv-window.wgsl' with { type: 'text' }
import rankFour from '../shaders/rank-four.wgsl' with { type: 'text' }
import {
  type Axis,
  backwardAxes,
  forwardAxis,
  type Images,
  isDepthwise,
  type Sides,
} from './conv-form.ts'
import {
  fitsTexture,
  imagesIn,
  largestSlice,
  type Packing,
  panelsOf,
  pixelsOf,
  type Slice,
  slicesOf,
  texelsOf,
  weightsIn,
} from './conv-operands.ts'
import type { Ending } from './matmul-lower.ts'

/** From operand 0, images `read`, and weights, operand 1, to images `made`; each pair of axes (y, x) is a dispatch. */
interface Pass {
  readonly read: Images
  readonly made: Images
  readonly packing: Packing
  readonly axes: ReadonlyArray<readonly [Axis, Axis]>
  readonly ending: Ending
}

/** A strip of row tiles should stay in a core's cache while panels of weights pass by. */
const stripBytes = 2 ** 19

const fromShader: Readonly<Record<Family, string>> = {
  subgroup: subgroupSource + windowSource + rankFour,
  texture: textureSource + windowSource,
  tiled: tiledSource + windowSource,
}

const paramsOf = (
  { read, made, packing, ending }: Pass,
  [y, x]: readonly [Axis, Axis],
  { first, images }: Slice,
  grain: 1 | 4,
  strip: number,
): ReadonlyArray<Word> => {
  const { groups, kernel } = packing
  const { panel, panels } = panelsOf(packing, grain)
  const texels = texelsOf(read, groups)
  const line = y.outFirst * made.width + x.outFirst
  return [
    ...[x.stride, y.stride, x.offset, y.offset, x.step, y.step, x.taps, y.taps],
    ...[images * y.grid * x.grid, y.grid, x.grid, read.height, read.width, groups * texels, texels],
    ...[y.tapStep * kernel.columns, x.tapStep, y.firstTap * kernel.columns + x.firstTap],
    ...[panel, panels, made.channels / groups, made.channels],
    ...[pixelsOf(made), y.outStride * made.width, x.outStride, first * pixelsOf(made) + line],
    ...[strip, 0, Number(ending.relu ?? false)],
  ].map(word)
}

/** Row tiles in strips of equal length, each short enough for the cache and for a dispatch. */
const stripsOf = (tiles: number, tileBytes: number): readonly [number, number] => {
  const most = Math.max(1, Math.floor(stripBytes / tileBytes))
  const strip = Math.ceil(tiles / Math.ceil(tiles / most))
  return [strip, Math.ceil(tiles / strip)]
}

/** Large tiles where enough of them fill a GPU, small ones else. */
const tileOf = (pixels: number, channels: number): number =>
  Math.ceil(pixels / 64) * Math.ceil(channels / 64) >= 64 ? 64 : 32

interface Tile {
  readonly rows: number
  readonly columns: number
  readonly constants: Dispatch['constants']
}

const tileFor = (family: Family, pixels: number, channels: number): Tile => {
  if (family !== 'tiled')
    return { rows: family === 'subgroup' ? 32 : 16, columns: 32, constants: {} }
  const side = tileOf(pixels, channels)
  return { rows: side, columns: side, constants: { TILE: side } }
}

const product = (
  family: Family,
  pass: Pass,
  axes: readonly [Axis, Axis],
  slice: Slice,
  operands: readonly [Ref, Ref],
): Dispatch => {
  const { read, made, packing, ending } = pass
  const pixels = slice.images * axes[0].grid * axes[1].grid
  const columns = made.channels / packing.groups
  const tile = tileFor(family, pixels, columns)
  const seen = 4 * read.channels * Math.min(2, axes[0].stride) * Math.min(2, axes[1].stride)
  const [strip, strips] = stripsOf(Math.ceil(pixels / tile.rows), tile.rows * seen)
  return {
    label: ending.label,
    shader: fromShader[family] + ending.shader,
    constants: tile.constants,
    uniform: paramsOf(pass, axes, slice, 4, strip),
    bindings: [...operands, ...ending.bindings],
    workgroups: [strip, packing.groups * Math.ceil(columns / tile.columns), strips],
  }
}

const products = (family: Family, pass: Pass, target: Target): ReadonlyArray<Work> => {
  const { read, packing, axes } = pass
  const inTextures = family !== 'tiled'
  const slices = slicesOf([read], packing.groups, inTextures)
  const sizes = [largestSlice(read, packing.groups, slices), panelsOf(packing, 4).texels]
  if (inTextures && !sizes.every(texels => fitsTexture(texels, target))) {
    return products('tiled', pass, target)
  }
  const weights = weightsIn(packing, 4, inTextures, target)
  const source = { index: 0, images: read, groups: packing.groups }
  const sliced = slices.flatMap((slice): ReadonlyArray<Work> => {
    const images = imagesIn(source, slice, 0, inTextures, target)
    const made = axes.map(pair => product(family, pass, pair, slice, [images.ref, weights.ref]))
    return [...images.works, ...made]
  })
  return [...weights.works, ...sliced]
}

const depthwise = (pass: Pass, target: Target): ReadonlyArray<Work> => {
  const { read, axes, ending } = pass
  const whole: Slice = { first: 0, images: read.batch }
  const images = imagesIn({ index: 0, images: read, groups: 1 }, whole, 0, false, target)
  const weights = weightsIn(pass.packing, 1, false, target)
  const dispatches = axes.map((pair): Dispatch => {
    const lanes = read.batch * pair[0].grid * Math.ceil(pair[1].grid / 4) * texelsOf(read, 1)
    return {
      label: ending.label,
      shader: depthwiseSource + windowSource + ending.shader,
      constants: {},
      uniform: paramsOf(pass, pair, whole, 1, 0),
      bindings: [images.ref, weights.ref, ...ending.bindings],
      workgroups: groupsFor(Math.ceil(lanes / 64), target),
    }
  })
  return [...images.works, ...weights.works, ...dispatches]
}

/** Channels that do not mix are panels of one group with nothing to sum over, forth and back. */
const packingOf = (sides: Sides, over: Packing['over']): Packing =>
  isDepthwise(sides)
    ? { kernel: sides.w, groups: 1, over: 'in' }
    : { kernel: sides.w, groups: sides.conv.groups, over }

/** y from x, operand 0, and w, operand 1. */
export const lowerConv = (sides: Sides, ending: Ending, target: Target): ReadonlyArray<Work> => {
  const { x, w, y, conv } = sides
  const axes = [
    [forwardAxis(y.height, w.rows, conv), forwardAxis(y.width, w.columns, conv)],
  ] as const
  const pass: Pass = { read: x, made: y, packing: packingOf(sides, 'in'), axes, ending }
  return isDepthwise(sides) ? depthwise(pass, target) : products(target.family, pass, target)
}

/** dx from dy, operand 0, and w, operand 1. */
export const lowerInputGradient = (
  sides: Sides,
  ending: Ending,
  target: Target,
): ReadonlyArray<Work> => {
  const { x, w, y, conv } = sides
  const across = backwardAxes(x.width, w.columns, conv)
  const axes = backwardAxes(x.height, w.rows, conv).flatMap(a => across.map(b => [a, b] as const))
  const pass: Pass = { read: y, made: x, packing: packingOf(sides, 'out'), axes, ending }
  return isDepthwise(sides) ? depthwise(pass, target) : products(target.family, pass, target)
}

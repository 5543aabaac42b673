// Lowering of a convolution and of its input gradient: operands as texels, then implicit products or depthwise sums.
import {
  type Dispatch,
  type Family,
  groupsFor,
  type Ref,
  real,
  type Target,
  type Word,
  type Work,
  word,
} from '../src/core/dispatch.ts'
import depthwiseSource from '../shaders/conv-depthwise.wgsl' with { type: 'text' }
import subgroupSource from '../shaders/conv-subgroup.wgsl' with { type: 'text' }
import textureSource from '../shaders/conv-texture.wgsl' with { type: 'text' }
import tiledSource from '../shaders/conv-tiled.wgsl' with { type: 'text' }
import divide from '../shaders/divide.wgsl' with { type: 'text' }
import fromBuffers from '../shaders/conv-from-buffers.wgsl' with { type: 'text' }
import fromTextures from '../shaders/conv-from-textures.wgsl' with { type: 'text' }
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
  type Scale,
  type Slice,
  slicesOf,
  texelsOf,
  weightsIn,
} from './conv-operands.ts'
import type { Ending } from './matmul-lower.ts'

/** In y and in x. */
type Axes = readonly [Axis, Axis]

/** From operand 0, images `read`, and weights, operand 1, to images `made`; each pair of axes (y, x) is a dispatch. */
interface Pass {
  readonly read: Images
  readonly made: Images
  readonly packing: Packing
  readonly axes: ReadonlyArray<Axes>
  readonly ending: ConvEnding
}

/** What becomes of a convolution; `cap` is where the activation after a norm ends. */
export interface ConvEnding extends Ending {
  readonly cap?: number
  readonly scale?: Scale
}

/** A strip of row tiles should stay in a core's cache while panels of weights pass by. */
const stripBytes = 2 ** 19

/** Kernels: the three families, and the sums where channels do not mix. */
type Kind = Family | 'depthwise'

const fromShader: Readonly<Record<Kind, string>> = {
  subgroup: subgroupSource + windowSource + rankFour,
  texture: textureSource + windowSource,
  tiled: tiledSource + windowSource,
  depthwise: depthwiseSource + windowSource,
}

/** A dispatch's share of the work, as its shader divides it. */
interface Grid extends Pick<Dispatch, 'constants' | 'workgroups'> {
  readonly strip: number
  readonly across: number
}

const paramsOf = (
  { read, made, packing, ending }: Pass,
  [y, x]: Axes,
  { first, images }: Slice,
  grain: 1 | 4,
  { strip, across }: Grid,
): ReadonlyArray<Word> => {
  const { groups, kernel } = packing
  const { panel, panels } = panelsOf(packing, grain)
  const texels = texelsOf(read, groups)
  const line = y.outFirst * made.width + x.outFirst
  const words = [
    ...[x.stride, y.stride, x.offset, y.offset, x.step, y.step, x.taps, y.taps],
    ...[images * y.grid * x.grid, y.grid, x.grid, read.height, read.width, groups * texels, texels],
    ...[y.tapStep * kernel.columns, x.tapStep, y.firstTap * kernel.columns + x.firstTap],
    ...[panel, panels, made.channels / groups, made.channels],
    ...[pixelsOf(made), y.outStride * made.width, x.outStride, first * pixelsOf(made) + line],
    ...[strip, across, 0, Number(ending.relu ?? false)],
  ]
  return [...words.map(word), real(ending.cap ?? 0)]
}

/** Row tiles in strips of equal length, each short enough for the cache and for a dispatch. */
const stripsOf = (tiles: number, tileBytes: number): readonly [number, number] => {
  const most = Math.max(1, Math.floor(stripBytes / tileBytes))
  const strip = Math.ceil(tiles / Math.ceil(tiles / most))
  return [strip, Math.ceil(tiles / strip)]
}

/** So few channels leave most lanes of a subgroup's tile without work: lanes take pixels instead. */
const narrow = 8

/** Large tiles where enough of them fill a GPU, small ones else. */
const tileOf = (pixels: number, channels: number): number =>
  Math.ceil(pixels / 64) * Math.ceil(channels / 64) >= 64 ? 64 : 32

interface Tile {
  readonly rows: number
  readonly columns: number
  /** Lanes side by side in columns, where the kernel leaves a choice. */
  readonly across: number
  readonly constants: Dispatch['constants']
}

const tileFor = (family: Family, pixels: number, channels: number): Tile => {
  const side = family === 'tiled' ? tileOf(pixels, channels) : 32
  const across = channels <= narrow ? 1 : 4
  return family === 'texture'
    ? { rows: 64 / across, columns: 8 * across, across, constants: {} }
    : { rows: side, columns: side, across, constants: family === 'tiled' ? { TILE: side } : {} }
}

/** How a pass is run: by which kernel, from textures or from buffers. */
interface Way {
  readonly kind: Kind
  readonly inTextures: boolean
}

const grainOf = ({ kind }: Way): 1 | 4 => (kind === 'depthwise' ? 1 : 4)

const productGrid = (family: Family, pass: Pass, [y, x]: Axes, pixels: number): Grid => {
  const { groups } = pass.packing
  const columns = pass.made.channels / groups
  const { rows, columns: width, ...tile } = tileFor(family, pixels, columns)
  const seen = 4 * pass.read.channels * Math.min(2, y.stride) * Math.min(2, x.stride)
  const [strip, strips] = stripsOf(Math.ceil(pixels / rows), rows * seen)
  return { ...tile, strip, workgroups: [strip, groups * Math.ceil(columns / width), strips] }
}

const depthwiseGrid = (pass: Pass, [y, x]: Axes, images: number, target: Target): Grid => {
  const lanes = images * y.grid * Math.ceil(x.grid / 4) * texelsOf(pass.read, 1)
  const workgroups = groupsFor(Math.ceil(lanes / 64), target)
  return { strip: 0, across: 0, constants: {}, workgroups }
}

const dispatchOf = (
  { kind, inTextures }: Way,
  pass: Pass,
  axes: Axes,
  slice: Slice,
  operands: ReadonlyArray<Ref>,
  target: Target,
): Dispatch => {
  const { label, shader, bindings } = pass.ending
  const grid =
    kind === 'depthwise'
      ? depthwiseGrid(pass, axes, slice.images, target)
      : productGrid(kind, pass, axes, slice.images * axes[0].grid * axes[1].grid)
  return {
    label,
    shader: fromShader[kind] + divide + (inTextures ? fromTextures : fromBuffers) + shader,
    constants: grid.constants,
    uniform: paramsOf(pass, axes, slice, kind === 'depthwise' ? 1 : 4, grid),
    bindings: [...operands, ...bindings],
    workgroups: grid.workgroups,
  }
}

const lowered = (way: Way, pass: Pass, target: Target): ReadonlyArray<Work> => {
  const { inTextures } = way
  const { read, packing, axes } = pass
  const source = { index: 0, images: read, groups: packing.groups }
  const slices = slicesOf([read], packing.groups, inTextures)
  const weights = weightsIn(packing, grainOf(way), inTextures, target)
  const sliced = slices.flatMap((slice): ReadonlyArray<Work> => {
    const images = imagesIn(source, slice, 0, inTextures, target)
    const operands = [images.ref, weights.ref]
    const made = axes.map(pair => dispatchOf(way, pass, pair, slice, operands, target))
    return [...images.works, ...made]
  })
  return [...weights.works, ...sliced]
}

/** From textures where the family reads them and they are not too large for the adapter. */
const wayOf = (sides: Sides, { read, made, packing }: Pass, target: Target): Way => {
  const { groups } = packing
  const family =
    target.family === 'subgroup' && made.channels <= narrow * groups ? 'texture' : target.family
  const kind = isDepthwise(sides) ? 'depthwise' : family
  const grain = grainOf({ kind, inTextures: true })
  const sizes = [largestSlice(read, groups, slicesOf([read], groups, true))]
  const fit = [...sizes, panelsOf(packing, grain).texels].every(texels =>
    fitsTexture(texels, target),
  )
  const inTextures = target.family !== 'tiled' && fit
  return { inTextures, kind: kind === 'depthwise' || inTextures ? kind : 'tiled' }
}

/** Channels that do not mix are panels of one group with nothing to sum over, forth and back. */
const packingOf = (sides: Sides, over: Packing['over']): Packing =>
  isDepthwise(sides)
    ? { kernel: sides.w, groups: 1, over: 'in' }
    : { kernel: sides.w, groups: sides.conv.groups, over }

const lowerPass = (sides: Sides, pass: Pass, target: Target): ReadonlyArray<Work> =>
  lowered(wayOf(sides, pass, target), pass, target)

/** y from x, operand 0, and w, operand 1. */
export const lowerConv = (
  sides: Sides,
  ending: ConvEnding,
  target: Target,
): ReadonlyArray<Work> => {
  const { x, w, y, conv } = sides
  const axes = [
    [forwardAxis(y.height, w.rows, conv), forwardAxis(y.width, w.columns, conv)],
  ] as const
  const { scale } = ending
  const packing = { ...packingOf(sides, 'in'), ...(scale === undefined ? {} : { scale }) }
  return lowerPass(sides, { read: x, made: y, packing, axes, ending }, target)
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
  const packing = packingOf(sides, 'out')
  return lowerPass(sides, { read: y, made: x, packing, axes, ending }, target)
}

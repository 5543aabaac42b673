// Passes of a convolution, forth or back: what is read and made, how each kernel shares the work, what shaders are told.
import {
  type Dispatch,
  type Family,
  groupsFor,
  real,
  type Target,
  type Word,
  word,
} from '../src/core/dispatch.ts'
import depthwiseSource from '../shaders/conv-depthwise.wgsl' with { type: 'text' }
import depthwise3x3Source from '../shaders/conv-depthwise-3x3.wgsl' with { type: 'text' }
import sixSource from '../shaders/conv-six.wgsl' with { type: 'text' }
import subgroupSource from '../shaders/conv-subgroup.wgsl' with { type: 'text' }
import textureSource from '../shaders/conv-texture.wgsl' with { type: 'text' }
import tiledSource from '../shaders/conv-tiled.wgsl' with { type: 'text' }
import rankFour from '../shaders/rank-four.wgsl' with { type: 'text' }
import type { Axis, Images } from './conv-form.ts'
import {
  type Packing,
  panelsOf,
  pixelsOf,
  type Scale,
  type Slice,
  texelsOf,
} from './conv-operands.ts'
import type { Ending } from './matmul-lower.ts'
import { divisionOf, coreOf } from './product-tiled.ts'

/** In y and in x. */
export type Axes = readonly [Axis, Axis]

/** From operand 0, images `read`, and weights, operand 1, to images `made`; each pair of axes (y, x) is a dispatch. */
export interface Pass {
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
export type Kind = Family | 'depthwise' | 'depthwise 3x3'

/** A dispatch's kernel and share of the work, as its shader divides it. */
export interface Grid extends Pick<Dispatch, 'shader' | 'constants' | 'workgroups'> {
  readonly strip: number
  readonly across: number
}

/** The uniform block of conv-window.wgsl; `grain` as in `panelsOf`. */
export const paramsOf = (
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
export const narrow = 8

interface Tile extends Pick<Dispatch, 'shader' | 'constants'> {
  readonly rows: number
  readonly columns: number
  /** Lanes side by side in columns, where the kernel leaves a choice. */
  readonly across: number
}

const tiledTile = ({ packing, read }: Pass, [y, x]: Axes, sizes: Area, target: Target): Tile => {
  const { groups } = packing
  const k = 4 * y.taps * x.taps * texelsOf(read, groups)
  const { tile } = divisionOf({ m: sizes.pixels, n: sizes.channels, k, groups }, target, 1)
  const { rows, columns } = tile
  const { shader, constants } = coreOf(tile, true, false)
  return { rows, columns, across: 0, shader: shader + tiledSource, constants }
}

/** What a dispatch makes, of one group. */
interface Area {
  readonly pixels: number
  readonly channels: number
}

const tileFor = (family: Family, pass: Pass, axes: Axes, sizes: Area, target: Target): Tile => {
  if (family === 'tiled') return tiledTile(pass, axes, sizes, target)
  const across = sizes.channels <= narrow ? 1 : 4
  return family === 'texture'
    ? { rows: 64 / across, columns: 8 * across, across, shader: textureSource, constants: {} }
    : { rows: 32, columns: 32, across, shader: subgroupSource + rankFour, constants: {} }
}

/** The grid of an implicit product over that many pixels. */
export const productGrid = (
  family: Family,
  pass: Pass,
  axes: Axes,
  pixels: number,
  target: Target,
): Grid => {
  const { groups } = pass.packing
  const [y, x] = axes
  const channels = pass.made.channels / groups
  const tile = tileFor(family, pass, axes, { pixels, channels }, target)
  const { rows, columns, across, shader, constants } = tile
  const seen = 4 * pass.read.channels * Math.min(2, y.stride) * Math.min(2, x.stride)
  const [strip, strips] = stripsOf(Math.ceil(pixels / rows), rows * seen)
  return {
    across,
    constants,
    shader,
    strip,
    workgroups: [strip, groups * Math.ceil(channels / columns), strips],
  }
}

const isThreeNear = ({ taps, stride, step }: Axis): boolean =>
  taps === 3 && stride === 1 && Math.abs(step) === 1

/** Do all taps slide along by one pixel, three by three? */
export const isNear3x3 = ([y, x]: Axes): boolean => isThreeNear(y) && isThreeNear(x)

/** The grid of sums where channels do not mix, over that many images. */
export const depthwiseGrid = (pass: Pass, [y, x]: Axes, images: number, target: Target): Grid => {
  const lanes = images * y.grid * Math.ceil(x.grid / 4) * texelsOf(pass.read, 1)
  const workgroups = groupsFor(Math.ceil(lanes / 64), target)
  return { shader: depthwiseSource, strip: 0, across: 0, constants: {}, workgroups }
}

/**
 * The grid of sums under 3 x 3 neighbouring taps: lanes walk along lines, on software Vulkan in one long loop of the
 * SIMD width, on real GPUs in many short ones.
 */
export const near3x3Grid = (pass: Pass, [y, x]: Axes, images: number, target: Target): Grid => {
  const [lanes, strip] = target.family === 'tiled' ? [64, 4] : [8, x.grid]
  const walks = images * Math.ceil(y.grid / 4) * Math.ceil(x.grid / strip)
  const workgroups = groupsFor(Math.ceil((walks * texelsOf(pass.read, 1)) / lanes), target)
  const shader = depthwise3x3Source + sixSource
  return { shader, strip, across: 0, constants: { LANES: lanes }, workgroups }
}

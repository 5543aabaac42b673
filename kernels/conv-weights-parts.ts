// How a weight gradient is divided: the matrix that is made, its tiles by kernel, and the parts of the pixels summed.
import type { Dispatch, Family, Target } from '../src/core/dispatch.ts'
import depthwiseSource from '../shaders/conv-weights-depthwise.wgsl' with { type: 'text' }
import depthwise3x3Source from '../shaders/conv-weights-depthwise-3x3.wgsl' with { type: 'text' }
import sixSource from '../shaders/conv-six.wgsl' with { type: 'text' }
import rankFour from '../shaders/rank-four.wgsl' with { type: 'text' }
import subgroupSource from '../shaders/conv-weights-subgroup.wgsl' with { type: 'text' }
import narrow3x3Source from '../shaders/conv-weights-narrow-3x3.wgsl' with { type: 'text' }
import textureSource from '../shaders/conv-weights-texture.wgsl' with { type: 'text' }
import tiledSource from '../shaders/conv-weights-tiled.wgsl' with { type: 'text' }
import { isDepthwise, type Sides } from './conv-form.ts'
import { pixelsOf, type Slice, texelsOf } from './conv-operands.ts'
import { divisionOf, coreOf } from './product-tiled.ts'

/** Kernels: the three families, products with few channels of x, and the sums where channels do not mix. */
export type Kind = Family | 'narrow 3x3' | 'depthwise' | 'depthwise 3x3'

/** A kernel's tile of rows and columns of the matrix. */
export interface Tile {
  readonly shader: string
  readonly rows: number
  readonly columns: number
  readonly constants: Dispatch['constants']
}

const tiles: Readonly<Record<Exclude<Kind, 'tiled'>, Omit<Tile, 'constants'>>> = {
  subgroup: { shader: subgroupSource + rankFour, rows: 32, columns: 32 },
  texture: { shader: textureSource, rows: 16, columns: 32 },
  'narrow 3x3': { shader: narrow3x3Source, rows: 27, columns: 32 },
  depthwise: { shader: depthwiseSource, rows: 3, columns: 256 },
  'depthwise 3x3': { shader: depthwise3x3Source + sixSource, rows: 9, columns: 256 },
}

/** Channels of x that the kernel of few channels takes. */
const narrowDepth = 3

/** The kernel of a family for these sides. */
export const kindOf = (family: Family, sides: Sides): Kind => {
  const { w, conv } = sides
  const near = w.rows === 3 && w.columns === 3 && conv.stride === 1 && conv.dilation === 1
  if (isDepthwise(sides)) return near ? 'depthwise 3x3' : 'depthwise'
  return near && family === 'subgroup' && w.channels <= narrowDepth ? 'narrow 3x3' : family
}

/** Do channels not mix? */
export const isApart = (kind: Kind): boolean => kind === 'depthwise' || kind === 'depthwise 3x3'

/** Is each texel read so few times that slices should be short? */
export const isBrief = (kind: Kind): boolean => kind === 'depthwise 3x3' || kind === 'narrow 3x3'

/** Workgroups that keep a device busy: software Vulkan, and real GPUs where channels do not mix. */
const wantedOf = (kind: Kind, { family }: Target): number =>
  family === 'tiled' ? 1024 : isApart(kind) ? 64 : 16

/** Lanes of a workgroup where channels do not mix: software Vulkan takes those that sum for long one by one. */
export const lanesOf = (kind: Kind, { family }: Target): number =>
  kind === 'depthwise 3x3' && family !== 'tiled' ? 8 : 64

/** Pixels that one workgroup sums over should stay in cache while tiles pass by. */
const partBytes = 2 ** 21

/** Parts that wait for their sum, in all. */
const mostBytes = 2 ** 25

/** Parts of a sum on real GPUs, which hold more. */
const mostTiledParts = 256

/** The matrix that is made, in texels: a row to each (tap, channel of x), columns to channels of y, by groups. */
export interface Matrix {
  readonly groups: number
  readonly taps: number
  /** Channels of x in a group, as read. */
  readonly depth: number
  readonly rows: number
  readonly columnTexels: number
}

/** The matrix of a weight gradient; channels that do not mix are one group. */
export const matrixOf = ({ x, w, y, conv }: Sides, kind: Kind): Matrix => {
  const groups = isApart(kind) ? 1 : conv.groups
  const taps = w.rows * w.columns
  const channels = kind === 'narrow 3x3' ? narrowDepth : 4 * texelsOf(x, groups)
  const depth = isApart(kind) ? 1 : channels
  return { groups, taps, depth, rows: taps * depth, columnTexels: texelsOf(y, groups) }
}

/** Texels of the matrix, all groups. */
export const matrixTexels = ({ groups, rows, columnTexels }: Matrix): number =>
  groups * rows * columnTexels

/** Column tiles of a group. */
export const tilesAcross = ({ columnTexels }: Matrix, { columns }: Tile): number =>
  Math.ceil((4 * columnTexels) / columns)

/**
 * The lines of y are dealt to `parts` in equal shares of `lines`; each makes `slots` matrices by tiles of `tile`. Parts of
 * one slice come one after the other.
 */
export interface Parts {
  readonly tile: Tile
  readonly lines: number
  readonly parts: number
  readonly slots: number
}

/** What is divided: a slice, one of `slices`, of the sum for a matrix. */
interface Sum {
  readonly sides: Sides
  readonly matrix: Matrix
  readonly images: number
  readonly slices: number
}

/** Matrices that may wait for their sum in a slice. */
const mostSlots = ({ matrix, slices }: Sum): number =>
  Math.max(1, Math.floor(mostBytes / (16 * matrixTexels(matrix) * slices)))

const partsOfImages = (sum: Sum, tile: Tile, lanes: number): Parts => {
  const { sides, matrix, images } = sum
  const slots = Math.ceil(sides.y.height / 4)
  const parts = Math.ceil(lanes / (slots * matrix.columnTexels))
  const most = Math.max(1, Math.floor(mostSlots(sum) / slots))
  const each = Math.ceil(images / Math.min(parts, images, most))
  return { tile, lines: each * sides.y.height, parts: Math.ceil(images / each), slots }
}

const dealt = (tile: Tile, lines: number, wanted: number): Parts => {
  const each = Math.ceil(lines / Math.min(wanted, lines))
  return { tile, lines: each, parts: Math.ceil(lines / each), slots: 1 }
}

const partsOfLines = (sum: Sum, tile: Tile, wanted: number): Parts => {
  const { sides, matrix, images } = sum
  const { x, y } = sides
  const count = matrix.groups * Math.ceil(matrix.rows / tile.rows) * tilesAcross(matrix, tile)
  const bytes = 4 * images * (pixelsOf(x) * x.channels + pixelsOf(y) * y.channels)
  const parts = Math.max(Math.ceil(bytes / partBytes), Math.ceil(wanted / count))
  return dealt(tile, images * y.height, Math.min(parts, mostSlots(sum)))
}

const tiledParts = (sum: Sum, target: Target): Parts => {
  const { sides, matrix, images } = sum
  const { rows, groups, columnTexels } = matrix
  const sizes = { m: rows, n: 4 * columnTexels, k: images * pixelsOf(sides.y), groups }
  const { tile, parts } = divisionOf(sizes, target, mostTiledParts)
  const { shader, constants } = coreOf(tile, false, false)
  return dealt(
    { shader: shader + tiledSource, rows: tile.rows, columns: tile.columns, constants },
    images * sides.y.height,
    parts,
  )
}

/** Parts of a slice, one of `slices`: enough to keep the device busy, few enough to hold and to add. */
export const partsOf = (
  kind: Kind,
  sides: Sides,
  { images }: Slice,
  slices: number,
  target: Target,
): Parts => {
  const sum = { sides, matrix: matrixOf(sides, kind), images, slices }
  if (kind === 'tiled') return tiledParts(sum, target)
  const wanted = wantedOf(kind, target)
  if (kind !== 'depthwise 3x3') {
    return partsOfLines(sum, { ...tiles[kind], constants: {} }, wanted)
  }
  const lanes = lanesOf(kind, target)
  return partsOfImages(sum, { ...tiles[kind], constants: { LANES: lanes } }, lanes * wanted)
}

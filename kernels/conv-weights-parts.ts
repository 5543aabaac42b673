// How a weight gradient is divided: the matrix that is made, its tiles by kernel, and the parts of the pixels summed.
import type { Family, Target } from '../src/core/dispatch.ts'
import depthwiseSource from '../shaders/conv-weights-depthwise.wgsl' with { type: 'text' }
import depthwise3x3Source from '../shaders/conv-weights-depthwise-3x3.wgsl' with { type: 'text' }
import sixSource from '../shaders/conv-six.wgsl' with { type: 'text' }
import rankFour from '../shaders/rank-four.wgsl' with { type: 'text' }
import subgroupSource from '../shaders/conv-weights-subgroup.wgsl' with { type: 'text' }
import textureSource from '../shaders/conv-weights-texture.wgsl' with { type: 'text' }
import tiledSource from '../shaders/conv-weights-tiled.wgsl' with { type: 'text' }
import { isDepthwise, type Sides } from './conv-form.ts'
import { pixelsOf, type Slice, texelsOf } from './conv-operands.ts'

/** Kernels: the three families, and the sums where channels do not mix. */
export type Kind = Family | 'depthwise' | 'depthwise 3x3'

/** A kernel's tile of rows and columns of the matrix, and how many of its workgroups keep the device busy. */
export interface Tile {
  readonly shader: string
  readonly rows: number
  readonly columns: number
  readonly wanted: number
}

const tiles: Readonly<Record<Kind, Tile>> = {
  subgroup: { shader: subgroupSource + rankFour, rows: 32, columns: 32, wanted: 16 },
  texture: { shader: textureSource, rows: 16, columns: 32, wanted: 16 },
  tiled: { shader: tiledSource, rows: 32, columns: 32, wanted: 1024 },
  depthwise: { shader: depthwiseSource, rows: 3, columns: 256, wanted: 64 },
  'depthwise 3x3': { shader: depthwise3x3Source + sixSource, rows: 9, columns: 256, wanted: 64 },
}

/** The kernel of a family for these sides. */
export const kindOf = (family: Family, sides: Sides): Kind => {
  const { w, conv } = sides
  const near = w.rows === 3 && w.columns === 3 && conv.stride === 1 && conv.dilation === 1
  return isDepthwise(sides) ? (near ? 'depthwise 3x3' : 'depthwise') : family
}

/** Do channels not mix? */
export const isApart = (kind: Kind): boolean => kind === 'depthwise' || kind === 'depthwise 3x3'

/** The tile of a kernel; real GPUs get many more workgroups. */
export const tileOf = (kind: Kind, { family }: Target): Tile => ({
  ...tiles[kind],
  wanted: family === 'tiled' ? tiles.tiled.wanted : tiles[kind].wanted,
})

/** Pixels that one workgroup sums over should stay in cache while tiles pass by. */
const partBytes = 2 ** 21

/** Parts that wait for their sum, in all. */
const mostBytes = 2 ** 25

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
  const depth = isApart(kind) ? 1 : 4 * texelsOf(x, groups)
  return { groups, taps, depth, rows: taps * depth, columnTexels: texelsOf(y, groups) }
}

/** Texels of the matrix, all groups. */
export const matrixTexels = ({ groups, rows, columnTexels }: Matrix): number =>
  groups * rows * columnTexels

/** Column tiles of a group. */
export const tilesAcross = ({ columnTexels }: Matrix, { columns }: Tile): number =>
  Math.ceil((4 * columnTexels) / columns)

/**
 * The lines of y are dealt to `parts` in equal shares of `lines`; each makes `slots` matrices. Parts of one slice come
 * one after the other.
 */
export interface Parts {
  readonly lines: number
  readonly parts: number
  readonly slots: number
}

/** Matrices that may wait for their sum in a slice. */
const mostSlots = (matrix: Matrix, slices: number): number =>
  Math.max(1, Math.floor(mostBytes / (16 * matrixTexels(matrix) * slices)))

const partsOfImages = ({ y }: Sides, matrix: Matrix, images: number, tile: Tile, most: number) => {
  const slots = Math.ceil(y.width / 4)
  const wanted = Math.ceil((64 * tile.wanted) / (slots * matrix.columnTexels))
  const each = Math.ceil(images / Math.min(wanted, images, Math.max(1, Math.floor(most / slots))))
  return { lines: each * y.height, parts: Math.ceil(images / each), slots }
}

const partsOfLines = (
  { x, y }: Sides,
  matrix: Matrix,
  images: number,
  tile: Tile,
  most: number,
): Parts => {
  const lines = images * y.height
  const count = matrix.groups * Math.ceil(matrix.rows / tile.rows) * tilesAcross(matrix, tile)
  const bytes = 4 * images * (pixelsOf(x) * x.channels + pixelsOf(y) * y.channels)
  const wanted = Math.max(Math.ceil(bytes / partBytes), Math.ceil(tile.wanted / count))
  const each = Math.ceil(lines / Math.min(wanted, most, lines))
  return { lines: each, parts: Math.ceil(lines / each), slots: 1 }
}

/** Parts of a slice, one of `slices`: enough to keep the device busy, few enough to hold and to add. */
export const partsOf = (
  kind: Kind,
  sides: Sides,
  { images }: Slice,
  slices: number,
  target: Target,
): Parts => {
  const matrix = matrixOf(sides, kind)
  const divide = kind === 'depthwise 3x3' ? partsOfImages : partsOfLines
  return divide(sides, matrix, images, tileOf(kind, target), mostSlots(matrix, slices))
}

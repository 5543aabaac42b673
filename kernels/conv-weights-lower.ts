// Lowering of a convolution's weight gradient: products over parts of the pixels, then their sum in a fixed order.
import {
  type Dispatch,
  type Family,
  groupsFor,
  type Ref,
  scratch,
  type Target,
  type Work,
  word,
} from '../src/core/dispatch.ts'
import depthwiseSource from '../shaders/conv-weights-depthwise.wgsl' with { type: 'text' }
import rankFour from '../shaders/rank-four.wgsl' with { type: 'text' }
import subgroupSource from '../shaders/conv-weights-subgroup.wgsl' with { type: 'text' }
import sumSource from '../shaders/conv-weights-sum.wgsl' with { type: 'text' }
import textureSource from '../shaders/conv-weights-texture.wgsl' with { type: 'text' }
import tiledSource from '../shaders/conv-weights-tiled.wgsl' with { type: 'text' }
import divide from '../shaders/divide.wgsl' with { type: 'text' }
import fromBuffers from '../shaders/conv-from-buffers.wgsl' with { type: 'text' }
import fromTextures from '../shaders/conv-from-textures.wgsl' with { type: 'text' }
import windowSource from '../shaders/conv-weights-window.wgsl' with { type: 'text' }
import { type Images, isDepthwise, isPointwise, type Sides } from './conv-form.ts'
import {
  fitsTexture,
  imagesIn,
  largestSlice,
  pixelsOf,
  type Slice,
  slicesOf,
  texelsOf,
} from './conv-operands.ts'
import type { Ending } from './matmul-lower.ts'

/** A product's tile, and how many of its workgroups keep the device busy. */
interface Tile {
  readonly rows: number
  readonly columns: number
  readonly wanted: number
}

const tiles: Readonly<Record<Family | 'depthwise', Tile>> = {
  subgroup: { rows: 32, columns: 32, wanted: 16 },
  texture: { rows: 16, columns: 32, wanted: 16 },
  tiled: { rows: 32, columns: 32, wanted: 1024 },
  depthwise: { rows: 4, columns: 256, wanted: 64 },
}

const fromShader: Readonly<Record<Family | 'depthwise', string>> = {
  subgroup: subgroupSource + windowSource + rankFour,
  texture: textureSource + windowSource,
  tiled: tiledSource + windowSource,
  depthwise: depthwiseSource + windowSource,
}

/** Pixels that one workgroup sums over should stay in cache while tiles pass by. */
const partBytes = 2 ** 21

/** Parts that wait for their sum, in all. */
const mostBytes = 2 ** 25

/** The matrix that is made, in texels: a row to each (tap, channel of x), columns to channels of y, by groups. */
interface Matrix {
  readonly groups: number
  readonly taps: number
  /** Channels of x in a group, as read. */
  readonly depth: number
  readonly rows: number
  readonly columnTexels: number
}

const matrixOf = ({ x, w, y, conv }: Sides, depthwise: boolean): Matrix => {
  const groups = depthwise ? 1 : conv.groups
  const taps = w.rows * w.columns
  const depth = depthwise ? 1 : 4 * texelsOf(x, groups)
  return { groups, taps, depth, rows: taps * depth, columnTexels: texelsOf(y, groups) }
}

const matrixTexels = ({ groups, rows, columnTexels }: Matrix): number =>
  groups * rows * columnTexels

/** The lines of y are dealt to parts in equal shares; parts of one slice come one after the other. */
interface Parts {
  readonly lines: number
  readonly parts: number
}

const partsOf = (sides: Sides, matrix: Matrix, slice: Slice, tile: Tile, slices: number): Parts => {
  const { x, y } = sides
  const lines = slice.images * y.height
  const tilesOf =
    matrix.groups *
    Math.ceil(matrix.rows / tile.rows) *
    Math.ceil((4 * matrix.columnTexels) / tile.columns)
  const bytes = 4 * slice.images * (pixelsOf(x) * x.channels + pixelsOf(y) * y.channels)
  const wanted = Math.max(Math.ceil(bytes / partBytes), Math.ceil(tile.wanted / tilesOf))
  const most = Math.max(1, Math.floor(mostBytes / (16 * matrixTexels(matrix) * slices)))
  const each = Math.ceil(lines / Math.min(wanted, most, lines))
  return { lines: each, parts: Math.ceil(lines / each) }
}

/** Kernels: the three families, and the sums where channels do not mix. */
type Kind = Family | 'depthwise'

interface Product {
  readonly family: Kind
  readonly inTextures: boolean
  readonly sides: Sides
  readonly matrix: Matrix
  readonly operands: readonly [x: Ref, dy: Ref]
  readonly slice: Slice
  readonly lines: number
  readonly parts: number
  readonly firstPart: number
  readonly to: Ref
}

const productOf = (
  { family, inTextures, sides, matrix, ...rest }: Product,
  target: Target,
): Dispatch => {
  const { x, w, y, conv } = sides
  const { operands, slice, lines, parts, firstPart, to } = rest
  const { groups, rows, columnTexels, taps } = matrix
  const xTexels = texelsOf(x, groups)
  const tile = tiles[family]
  const words = [
    ...[lines, slice.images * y.height, y.height, y.width, x.height, x.width],
    ...[groups * xTexels, xTexels, groups * columnTexels, columnTexels],
    ...[taps, w.columns, conv.stride, conv.padding, conv.dilation],
    ...[Math.ceil((4 * columnTexels) / tile.columns), rows, firstPart, parts, groups, 0],
  ]
  const across = groups * Math.ceil((4 * columnTexels) / tile.columns)
  const lanes = parts * w.rows * Math.ceil(w.columns / 3) * columnTexels
  return {
    label: `conv weight gradient`,
    shader: fromShader[family] + divide + (inTextures ? fromTextures : fromBuffers),
    constants: {},
    uniform: words.map(word),
    bindings: [...operands, to],
    workgroups:
      family === 'depthwise'
        ? groupsFor(Math.ceil(lanes / 64), target)
        : [Math.ceil(rows / tile.rows), across, parts],
  }
}

const summed = (
  { w }: Sides,
  matrix: Matrix,
  parts: number,
  from: Ref,
  ending: Ending,
  target: Target,
): Dispatch => {
  const { groups, rows, depth, columnTexels } = matrix
  const lanes = groups * columnTexels * w.channels
  const words = [lanes, parts, groups, matrix.taps, depth, rows, columnTexels]
  return {
    label: ending.label,
    shader: sumSource + divide + ending.shader,
    constants: {},
    uniform: [...words, w.channels, w.out / groups].map(word),
    bindings: [from, ...ending.bindings],
    workgroups: groupsFor(Math.ceil(lanes / 64), target),
  }
}

/** Lines are loops of four pixels: pixels that no neighbour touches may be laid out in lines of a better length. */
const relaid = (sides: Sides): Sides => {
  if (!isPointwise(sides)) return sides
  const pixels = sides.y.batch * pixelsOf(sides.y)
  const width = [64, 56, 48, 40, 32, 28, 24, 20, 16, 12, 8, 4].find(n => pixels % n === 0)
  if (width === undefined) return sides
  const lined = (images: Images): Images => ({
    ...images,
    batch: pixels / width,
    height: 1,
    width,
  })
  return { ...sides, x: lined(sides.x), y: lined(sides.y) }
}

const lowered = (
  family: Kind,
  inTextures: boolean,
  sides: Sides,
  ending: Ending,
  target: Target,
): ReadonlyArray<Work> => {
  const { x, y } = sides
  const matrix = matrixOf(sides, family === 'depthwise')
  const { groups } = matrix
  const slices = slicesOf([x, y], groups, inTextures)
  const fits = [x, y].every(o => fitsTexture(largestSlice(o, groups, slices), target))
  if (inTextures && !fits) {
    return lowered(family === 'depthwise' ? family : 'tiled', false, sides, ending, target)
  }
  const split = slices.map(s => partsOf(sides, matrix, s, tiles[family], slices.length))
  const all = split.reduce((sum, s) => sum + s.parts, 0)
  const to = scratch(2, 16 * matrixTexels(matrix) * all)
  const works = slices.flatMap((slice, i): ReadonlyArray<Work> => {
    const firstPart = split.slice(0, i).reduce((sum, s) => sum + s.parts, 0)
    const { lines, parts } = split[i] ?? { lines: 1, parts: 1 }
    const xs = imagesIn({ index: 1, images: x, groups }, slice, 0, inTextures, target)
    const dy = imagesIn({ index: 0, images: y, groups }, slice, 1, inTextures, target)
    const operands = [xs.ref, dy.ref] as const
    const product = {
      family,
      inTextures,
      sides,
      matrix,
      operands,
      slice,
      lines,
      parts,
      firstPart,
      to,
    }
    return [...xs.works, ...dy.works, productOf(product, target)]
  })
  return [...works, summed(sides, matrix, all, to, ending, target)]
}

/** dw from dy, operand 0, and x, operand 1; the ending's bindings follow from 2 on. */
export const lowerWeightGradient = (
  sides: Sides,
  ending: Ending,
  target: Target,
): ReadonlyArray<Work> => {
  const inTextures = target.family !== 'tiled'
  return isDepthwise(sides)
    ? lowered('depthwise', inTextures, sides, ending, target)
    : lowered(target.family, inTextures, relaid(sides), ending, target)
}

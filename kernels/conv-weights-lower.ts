// Lowering of a convolution's weight gradient: products over parts of the pixels, then their sum in a fixed order.
import {
  type Dispatch,
  groupsFor,
  type Ref,
  scratch,
  type Target,
  type Work,
  word,
} from '../src/core/dispatch.ts'
import divide from '../shaders/divide.wgsl' with { type: 'text' }
import fromBuffers from '../shaders/conv-from-buffers.wgsl' with { type: 'text' }
import fromTextures from '../shaders/conv-from-textures.wgsl' with { type: 'text' }
import sumSource from '../shaders/conv-weights-sum.wgsl' with { type: 'text' }
import windowSource from '../shaders/conv-weights-window.wgsl' with { type: 'text' }
import { type Images, isPointwise, type Sides } from './conv-form.ts'
import {
  imagesIn,
  largestSlice,
  pixelsOf,
  type Slice,
  slicesOf,
  texelsOf,
} from './conv-operands.ts'
import { cachedTexels, fitsTexture } from './texels.ts'
import {
  isApart,
  isBrief,
  type Kind,
  kindOf,
  lanesOf,
  type Matrix,
  matrixOf,
  matrixTexels,
  type Parts,
  partsOf,
  tilesAcross,
} from './conv-weights-parts.ts'
import type { Ending } from './matmul-lower.ts'

/** A slice's share of a weight gradient. */
interface Product extends Parts {
  readonly kind: Kind
  readonly inTextures: boolean
  readonly sides: Sides
  readonly matrix: Matrix
  readonly operands: readonly [x: Ref, dy: Ref]
  readonly slice: Slice
  readonly firstSlot: number
  readonly to: Ref
}

const sumsOf = ({ kind, sides: { w }, matrix, parts, slots }: Product): number =>
  parts * matrix.columnTexels * (kind === 'depthwise' ? w.rows * Math.ceil(w.columns / 3) : slots)

const workgroupsOf = (product: Product, target: Target): Dispatch['workgroups'] => {
  const { kind, matrix, parts, tile } = product
  const { groups, rows } = matrix
  return isApart(kind)
    ? groupsFor(Math.ceil(sumsOf(product) / lanesOf(kind, target)), target)
    : [Math.ceil(rows / tile.rows), groups * tilesAcross(matrix, tile), parts]
}

const productOf = (product: Product, target: Target): Dispatch => {
  const { sides, matrix, slice, lines, parts, firstSlot, tile } = product
  const { x, w, y, conv } = sides
  const { groups, rows, columnTexels, taps } = matrix
  const xTexels = texelsOf(x, groups)
  const words = [
    ...[lines, slice.images * y.height, y.height, y.width, x.height, x.width],
    ...[groups * xTexels, xTexels, groups * columnTexels, columnTexels],
    ...[taps, w.columns, conv.stride, conv.padding, conv.dilation],
    ...[tilesAcross(matrix, tile), rows, firstSlot, parts, groups, 0],
  ]
  const loads = product.inTextures ? fromTextures : fromBuffers
  return {
    label: 'conv weight gradient',
    shader: [tile.shader, windowSource, divide, loads].join('\n'),
    constants: tile.constants,
    uniform: words.map(word),
    bindings: [...product.operands, product.to],
    workgroups: workgroupsOf(product, target),
  }
}

const summed = (
  { w }: Sides,
  matrix: Matrix,
  slots: number,
  from: Ref,
  ending: Ending,
  target: Target,
): Dispatch => {
  const { groups, rows, depth, columnTexels } = matrix
  const lanes = groups * columnTexels * w.channels
  const words = [lanes, slots, groups, matrix.taps, depth, rows, columnTexels]
  return {
    label: ending.label,
    shader: sumSource + divide + ending.shader,
    constants: {},
    uniform: [...words, w.channels, w.out / groups].map(word),
    bindings: [from, ...ending.bindings],
    workgroups: groupsFor(Math.ceil(lanes / 64), target),
  }
}

/** Turns take four pixels of a line: pixels without neighbours may be laid out in lines of a better length. */
const relaid = (sides: Sides): Sides => {
  const pixels = sides.y.batch * pixelsOf(sides.y)
  const width = [64, 56, 48, 40, 32, 28, 24, 20, 16, 12, 8, 4].find(n => pixels % n === 0)
  if (!isPointwise(sides) || width === undefined) return sides
  const lined = (images: Images): Images => ({
    ...images,
    batch: pixels / width,
    height: 1,
    width,
  })
  return { ...sides, x: lined(sides.x), y: lined(sides.y) }
}

const lowered = (
  kind: Kind,
  inTextures: boolean,
  sides: Sides,
  ending: Ending,
  target: Target,
): ReadonlyArray<Work> => {
  const { x, y } = sides
  const matrix = matrixOf(sides, kind)
  const { groups } = matrix
  const slices = slicesOf([x, y], groups, inTextures, isBrief(kind) ? cachedTexels : undefined)
  const split = slices.map(slice => partsOf(kind, sides, slice, slices.length, target))
  const slotsBefore = (i: number) =>
    split.slice(0, i).reduce((sum, { parts, slots }) => sum + parts * slots, 0)
  const all = slotsBefore(split.length)
  const to = scratch(2, 16 * matrixTexels(matrix) * all)
  const works = split.flatMap((parts, i): ReadonlyArray<Work> => {
    const slice = slices[i] ?? { first: 0, images: y.batch }
    const xs = imagesIn({ index: 1, images: x, groups }, slice, 0, inTextures, target)
    const dy = imagesIn({ index: 0, images: y, groups }, slice, 1, inTextures, target)
    const place = { operands: [xs.ref, dy.ref] as const, slice, firstSlot: slotsBefore(i), to }
    const product = { ...parts, ...place, kind, inTextures, sides, matrix }
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
  const kind = kindOf(target.family, sides)
  const { groups } = matrixOf(sides, kind)
  const fits = [sides.x, sides.y].every(images =>
    fitsTexture(largestSlice(images, groups, slicesOf([images], groups, true)), target),
  )
  const inTextures = target.family !== 'tiled' && fits
  return isApart(kind)
    ? lowered(kind, inTextures, sides, ending, target)
    : lowered(inTextures ? kind : 'tiled', inTextures, relaid(sides), ending, target)
}

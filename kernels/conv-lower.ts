// Lowering of a convolution and of its input gradient: operands as texels, then implicit products or depthwise sums.
import type { Dispatch, Ref, Target, Work } from '../src/core/dispatch.ts'
import divide from '../shaders/divide.wgsl' with { type: 'text' }
import fromBuffers from '../shaders/conv-from-buffers.wgsl' with { type: 'text' }
import fromTextures from '../shaders/conv-from-textures.wgsl' with { type: 'text' }
import windowSource from '../shaders/conv-window.wgsl' with { type: 'text' }
import storeFour from '../shaders/store-four.wgsl' with { type: 'text' }
import { backwardAxes, forwardAxis, isDepthwise, type Sides } from './conv-form.ts'
import {
  imagesIn,
  largestSlice,
  type Packing,
  panelsOf,
  type Slice,
  slicesOf,
  weightsIn,
} from './conv-operands.ts'
import { cachedTexels, fitsTexture } from './texels.ts'
import {
  type Axes,
  type ConvEnding,
  depthwiseGrid,
  type Grid,
  isNear3x3,
  type Kind,
  narrow,
  near3x3Grid,
  paramsOf,
  type Pass,
  productGrid,
} from './conv-pass.ts'

/** How a pass is run: by which kernel, from textures or from buffers. */
interface Way {
  readonly kind: Kind
  readonly inTextures: boolean
}

const isApart = (kind: Kind): boolean => kind === 'depthwise' || kind === 'depthwise 3x3'

const grainOf = ({ kind }: Way): 1 | 4 => (isApart(kind) ? 1 : 4)

const gridOf = (kind: Kind, pass: Pass, axes: Axes, images: number, target: Target): Grid => {
  switch (kind) {
    case 'depthwise':
      return depthwiseGrid(pass, axes, images, target)
    case 'depthwise 3x3':
      return near3x3Grid(pass, axes, images, target)
    default:
      return productGrid(kind, pass, axes, images * axes[0].grid * axes[1].grid, target)
  }
}

const dispatchOf = (
  way: Way,
  pass: Pass,
  axes: Axes,
  slice: Slice,
  operands: ReadonlyArray<Ref>,
  target: Target,
): Dispatch => {
  const { label, shader, bindings } = pass.ending
  const { made, packing } = pass
  const loads = way.inTextures ? fromTextures : fromBuffers
  const grid = gridOf(way.kind, pass, axes, slice.images, target)
  const whole = made.channels % 4 === 0 && (made.channels / packing.groups) % 4 === 0
  return {
    label,
    shader: [grid.shader, windowSource, divide, loads, storeFour, shader].join('\n'),
    constants: { ...grid.constants, C_WHOLE: Number(whole) },
    uniform: paramsOf(pass, axes, slice, grainOf(way), grid),
    bindings: [...operands, ...bindings],
    workgroups: grid.workgroups,
  }
}

const lowered = (way: Way, pass: Pass, target: Target): ReadonlyArray<Work> => {
  const { kind, inTextures } = way
  const { read, packing, axes } = pass
  const source = { index: 0, images: read, groups: packing.groups }
  const most = kind === 'depthwise 3x3' ? cachedTexels : undefined
  const slices = slicesOf([read], packing.groups, inTextures, most)
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
const wayOf = (sides: Sides, { read, made, packing, axes }: Pass, target: Target): Way => {
  const { groups } = packing
  const family =
    target.family === 'subgroup' && made.channels <= narrow * groups ? 'texture' : target.family
  const sums = axes.every(isNear3x3) ? 'depthwise 3x3' : 'depthwise'
  const kind = isDepthwise(sides) ? sums : family
  const grain = grainOf({ kind, inTextures: true })
  const sizes = [largestSlice(read, groups, slicesOf([read], groups, true))]
  const fit = [...sizes, panelsOf(packing, grain).texels].every(texels =>
    fitsTexture(texels, target),
  )
  const inTextures = target.family !== 'tiled' && fit
  return { inTextures, kind: isApart(kind) || inTextures ? kind : 'tiled' }
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
  ending: ConvEnding,
  target: Target,
): ReadonlyArray<Work> => {
  const { x, w, y, conv } = sides
  const across = backwardAxes(x.width, w.columns, conv)
  const axes = backwardAxes(x.height, w.rows, conv).flatMap(a => across.map(b => [a, b] as const))
  const packing = packingOf(sides, 'out')
  return lowerPass(sides, { read: y, made: x, packing, axes, ending }, target)
}

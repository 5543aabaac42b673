// Lowering of a convolution and of its input gradient: operands as texels, then implicit products or depthwise sums.
import type { Dispatch, Ref, Target, Work } from '../src/core/dispatch.ts'
import divide from '../shaders/divide.wgsl' with { type: 'text' }
import fromBuffers from '../shaders/conv-from-buffers.wgsl' with { type: 'text' }
import fromTextures from '../shaders/conv-from-textures.wgsl' with { type: 'text' }
import windowSource from '../shaders/conv-window.wgsl' with { type: 'text' }
import { backwardAxes, forwardAxis, isDepthwise, type Sides } from './conv-form.ts'
import {
  fitsTexture,
  imagesIn,
  largestSlice,
  type Packing,
  panelsOf,
  type Slice,
  slicesOf,
  weightsIn,
} from './conv-operands.ts'
import {
  type Axes,
  type ConvEnding,
  depthwiseGrid,
  type Kind,
  narrow,
  paramsOf,
  type Pass,
  productGrid,
} from './conv-pass.ts'

/** How a pass is run: by which kernel, from textures or from buffers. */
interface Way {
  readonly kind: Kind
  readonly inTextures: boolean
}

const grainOf = ({ kind }: Way): 1 | 4 => (kind === 'depthwise' ? 1 : 4)

const dispatchOf = (
  { kind, inTextures }: Way,
  pass: Pass,
  axes: Axes,
  slice: Slice,
  operands: ReadonlyArray<Ref>,
  target: Target,
): Dispatch => {
  const { label, shader, bindings } = pass.ending
  const loads = inTextures ? fromTextures : fromBuffers
  const grid =
    kind === 'depthwise'
      ? depthwiseGrid(pass, axes, slice.images, target)
      : productGrid(kind, pass, axes, slice.images * axes[0].grid * axes[1].grid, target)
  return {
    label,
    shader: [grid.shader, windowSource, divide, loads, shader].join('\n'),
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
  ending: ConvEnding,
  target: Target,
): ReadonlyArray<Work> => {
  const { x, w, y, conv } = sides
  const across = backwardAxes(x.width, w.columns, conv)
  const axes = backwardAxes(x.height, w.rows, conv).flatMap(a => across.map(b => [a, b] as const))
  const packing = packingOf(sides, 'out')
  return lowerPass(sides, { read: y, made: x, packing, axes, ending }, target)
}

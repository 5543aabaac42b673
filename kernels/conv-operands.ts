// What convolutions read, as they read it: images as whole texels, in slices of a batch, and weights in panels.
import {
  type Dispatch,
  groupsFor,
  input,
  type Ref,
  real,
  scratch,
  type Target,
  type Work,
  word,
} from '../src/core/dispatch.ts'
import divide from '../shaders/divide.wgsl' with { type: 'text' }
import packAsIs from '../shaders/pack-as-is.wgsl' with { type: 'text' }
import packScaled from '../shaders/pack-scaled.wgsl' with { type: 'text' }
import packSource from '../shaders/pack-weights.wgsl' with { type: 'text' }
import padSource from '../shaders/pad-channels.wgsl' with { type: 'text' }
import type { Images, Kernel } from './conv-form.ts'
import { copyInto, textureOf } from './texels.ts'

/** Texels of a slice of a batch: 16 MiB, enough work for a dispatch, little memory. */
const sliceTexels = 2 ** 20

/** Channels of the result that a panel of weights holds. */
export const panelWidth = 32

/** Some images of a batch. */
export interface Slice {
  readonly first: number
  readonly images: number
}

/** Ready to be bound, after the works that make it so. */
export interface Operand {
  readonly works: ReadonlyArray<Work>
  readonly ref: Ref
}

/** Pixels of one image. */
export const pixelsOf = ({ height, width }: Images): number => height * width

/** Texels of a pixel within one group. */
export const texelsOf = ({ channels }: Images, groups: number): number =>
  Math.ceil(channels / groups / 4)

const imageTexels = (images: Images, groups: number): number =>
  pixelsOf(images) * groups * texelsOf(images, groups)

/** The batch whole where no texture is filled, else in slices of which the largest operand has at most `most` texels. */
export const slicesOf = (
  operands: ReadonlyArray<Images>,
  groups: number,
  inTextures: boolean,
  most = sliceTexels,
): ReadonlyArray<Slice> => {
  const batch = operands[0]?.batch ?? 1
  if (!inTextures) return [{ first: 0, images: batch }]
  const texels = Math.max(...operands.map(o => imageTexels(o, groups)))
  const slices = Math.ceil(batch / Math.max(1, Math.floor(most / texels)))
  const images = Math.ceil(batch / slices)
  return Array.from({ length: Math.ceil(batch / images) }, (_, i) => ({
    first: i * images,
    images: Math.min(images, batch - i * images),
  }))
}

/** Texels of the largest slice. */
export const largestSlice = (
  images: Images,
  groups: number,
  slices: ReadonlyArray<Slice>,
): number => imageTexels(images, groups) * Math.max(...slices.map(s => s.images))

const padded = (
  { index, images, groups }: Source,
  { first, images: count }: Slice,
  to: Ref,
  target: Target,
): Dispatch => {
  const texels = count * imageTexels(images, groups)
  const start = first * pixelsOf(images) * images.channels
  const words = [texels, texelsOf(images, groups), groups, images.channels / groups, start]
  return {
    label: 'pad channels',
    shader: padSource + divide,
    constants: {},
    uniform: words.map(word),
    bindings: [input(index), to],
    workgroups: groupsFor(Math.ceil(texels / 64), target),
  }
}

/** Operand `index` of an op: images whose channels are read in groups. */
export interface Source {
  readonly index: number
  readonly images: Images
  readonly groups: number
}

/**
 * A slice of images as texels, in texture `id` or in a storage; channels that are not whole texels are padded into
 * scratch `id` first.
 */
export const imagesIn = (
  source: Source,
  slice: Slice,
  id: number,
  inTextures: boolean,
  target: Target,
): Operand => {
  const { index, images, groups } = source
  const whole = (images.channels / groups) % 4 === 0
  const each = imageTexels(images, groups)
  const texels = slice.images * each
  const storage = whole ? input(index) : scratch(id, 16 * texels)
  const pad = whole ? [] : [padded(source, slice, storage, target)]
  if (!inTextures) return { works: pad, ref: storage }
  const ref = textureOf(id, texels)
  const copy = copyInto('conv operand', storage, ref, texels, whole ? slice.first * each : 0)
  return { works: [...pad, copy], ref }
}

/** Which channels of weights are summed over: those of x (`in`) or those of y (`out`). */
export interface Packing {
  readonly kernel: Kernel
  readonly groups: number
  readonly over: 'in' | 'out'
  /** By which the columns made are multiplied. */
  readonly scale?: Scale
}

/** The scale of a norm by given moments: gamma / sqrt(variance + eps). */
export interface Scale {
  readonly gamma: Ref
  readonly variance: Ref
  readonly eps: number
}

/** Sizes of packed weights: `depth` channels, padded to `padded`, are summed over, `columns` of a group made. */
export const panelsOf = ({ kernel, groups, over }: Packing, grain: 1 | 4) => {
  const outs = kernel.out / groups
  const [depth, columns] = over === 'in' ? [kernel.channels, outs] : [outs, kernel.channels]
  const taps = kernel.rows * kernel.columns
  const stored = grain * Math.ceil(depth / grain)
  const panels = Math.ceil(columns / panelWidth)
  const panel = taps * stored * (panelWidth / 4)
  return { depth, columns, taps, stored, panels, panel, texels: groups * panels * panel }
}

/** Operand 1, weights, in panels: in texture 1 or in scratch 2. `grain` is 4 where depth is read as texels. */
export const weightsIn = (
  packing: Packing,
  grain: 1 | 4,
  inTextures: boolean,
  target: Target,
): Operand => {
  const { depth, columns, taps, stored, panels, texels } = panelsOf(packing, grain)
  const { kernel, over, scale } = packing
  const [fromIn, fromOut] = [taps, kernel.channels * taps]
  const steps = over === 'in' ? [fromIn, fromOut] : [fromOut, fromIn]
  const groupStep = (kernel.out / packing.groups) * fromOut
  const storage = scratch(2, 16 * texels)
  const lanes = texels / taps
  const words = [lanes, taps, stored, panels, depth, columns, ...steps, groupStep]
  const pack: Dispatch = {
    label: 'pack weights',
    shader: packSource + divide + (scale === undefined ? packAsIs : packScaled),
    constants: {},
    uniform: [...words.map(word), real(scale?.eps ?? 0)],
    bindings: [input(1), storage, ...(scale === undefined ? [] : [scale.gamma, scale.variance])],
    workgroups: groupsFor(Math.ceil(lanes / 64), target),
  }
  if (!inTextures) return { works: [pack], ref: storage }
  const ref = textureOf(1, texels)
  return { works: [pack, copyInto('conv operand', storage, ref, texels, 0)], ref }
}

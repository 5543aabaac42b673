// Sizes of convolutions: attributes, shape rules, and where on an image the taps of a kernel fall, forth and back.
import * as E from 'fp-ts/Either'
import { type Aval, f32 } from '../src/core/aval.ts'

/** Step, zeros around the image, distance of the taps, and groups of channels that do not mix; the same in y and x. */
export interface Conv {
  readonly stride: number
  readonly padding: number
  readonly dilation: number
  readonly groups: number
}

/** Sizes of images [batch, height, width, channels]. */
export interface Images {
  readonly batch: number
  readonly height: number
  readonly width: number
  readonly channels: number
}

/** Sizes of weights [out, channels of a group, rows, columns]. */
export interface Kernel {
  readonly out: number
  readonly channels: number
  readonly rows: number
  readonly columns: number
}

/** Images and weights of a convolution, as its three passes know them. */
export interface Sides {
  readonly x: Images
  readonly w: Kernel
  readonly y: Images
  readonly conv: Conv
}

/** Images of an array whose shape rule has passed. */
export const imagesOf = (aval: Aval | undefined): Images => {
  const [batch = 1, height = 1, width = 1, channels = 1] = aval?.shape ?? []
  return { batch, height, width, channels }
}

/** Weights of an array whose shape rule has passed. */
export const kernelOf = (aval: Aval | undefined): Kernel => {
  const [out = 1, channels = 1, rows = 1, columns = 1] = aval?.shape ?? []
  return { out, channels, rows, columns }
}

/** Multiplications and additions of any pass of a convolution: those that the forward pass needs, padding included. */
export const convFlops = ({ w, y }: Pick<Sides, 'w' | 'y'>): number =>
  2 * y.batch * y.height * y.width * y.channels * w.channels * w.rows * w.columns

/** The array of images. */
export const imagesAval = ({ batch, height, width, channels }: Images): Aval =>
  f32(batch, height, width, channels)

/** The array of weights. */
export const kernelAval = ({ out, channels, rows, columns }: Kernel): Aval =>
  f32(out, channels, rows, columns)

const sideAfter = (side: number, taps: number, { stride, padding, dilation }: Conv): number =>
  Math.floor((side + 2 * padding - dilation * (taps - 1) - 1) / stride) + 1

const isCount = (n: number, least: number): boolean => Number.isInteger(n) && n >= least

const areCounts = ({ stride, padding, dilation, groups }: Conv): boolean =>
  isCount(stride, 1) && isCount(padding, 0) && isCount(dilation, 1) && isCount(groups, 1)

/** Shape rule: images x under weights w give images, PyTorch's sizes; `Left` where they do not fit. */
export const convolved = (x: Images, w: Kernel, conv: Conv): E.Either<string, Images> => {
  if (!areCounts(conv)) {
    return E.left('needs stride, dilation and groups of 1 or more and a padding of 0 or more')
  }
  if (
    !isCount(w.channels, 1) ||
    x.channels !== w.channels * conv.groups ||
    w.out % conv.groups !== 0
  ) {
    return E.left(
      `${conv.groups} groups need x [.., C] and w [O, C / groups, ..], O in whole groups`,
    )
  }
  const height = sideAfter(x.height, w.rows, conv)
  const width = sideAfter(x.width, w.columns, conv)
  return height > 0 && width > 0
    ? E.right({ batch: x.batch, height, width, channels: w.out })
    : E.left('the kernel is larger than the padded image')
}

/**
 * One direction of a pass: pixel u of `grid` sees pixel `stride` u + `offset` + `step` j of the images read under tap
 * `firstTap` + `tapStep` j, for j below `taps`, and becomes pixel `outStride` u + `outFirst` of the result.
 */
export interface Axis {
  readonly grid: number
  readonly stride: number
  readonly offset: number
  readonly step: number
  readonly taps: number
  readonly firstTap: number
  readonly tapStep: number
  readonly outStride: number
  readonly outFirst: number
}

/** The axis of a convolution that makes `side` pixels with `taps` taps. */
export const forwardAxis = (side: number, taps: number, conv: Conv): Axis => ({
  grid: side,
  stride: conv.stride,
  offset: -conv.padding,
  step: conv.dilation,
  taps,
  firstTap: 0,
  tapStep: 1,
  outStride: 1,
  outFirst: 0,
})

const commonDivisor = (a: number, b: number): number => (b === 0 ? a : commonDivisor(b, a % b))

const phase = (side: number, taps: number, conv: Conv, rest: number): Axis => {
  const { stride, padding, dilation } = conv
  const common = commonDivisor(dilation, stride)
  const tapStep = stride / common
  const fitting = Array.from({ length: taps }, (_, tap) => tap).filter(
    tap => (rest + padding - tap * dilation) % stride === 0,
  )
  const firstTap = fitting[0] ?? 0
  return {
    grid: Math.ceil((side - rest) / stride),
    stride: 1,
    offset: fitting.length === 0 ? 0 : (rest + padding - firstTap * dilation) / stride,
    step: -dilation / common,
    taps: fitting.length,
    firstTap,
    tapStep,
    outStride: stride,
    outFirst: rest,
  }
}

/**
 * The axes of the way back to `side` pixels: pixels of the same rest by the stride see the same taps, so each rest is a
 * pass of its own that multiplies no zeros. One without taps makes zeros.
 */
export const backwardAxes = (side: number, taps: number, conv: Conv): ReadonlyArray<Axis> =>
  Array.from({ length: Math.min(conv.stride, side) }, (_, rest) => phase(side, taps, conv, rest))

/** Is every channel convolved by itself? */
export const isDepthwise = ({ x, w, conv }: Sides): boolean =>
  w.channels === 1 && w.out === x.channels && conv.groups === w.out

/** Does every pixel see itself alone? */
export const isPointwise = ({ w, conv: { stride, padding } }: Sides): boolean =>
  w.rows === 1 && w.columns === 1 && stride === 1 && padding === 0

// Windows that slide over the height and width of images [B, H, W, C]: attributes, shape rule, uniform words.
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import { type Aval, f32, isShape, sameAval, showAval } from '../src/core/aval.ts'
import {
  type Dispatch,
  groupsFor,
  type Ref,
  real,
  type Target,
  word,
} from '../src/core/dispatch.ts'
import divide from '../shaders/divide.wgsl' with { type: 'text' }
import source from '../shaders/pool.wgsl' with { type: 'text' }
import gradSource from '../shaders/pool-grad.wgsl' with { type: 'text' }
import { elementsFor } from './elements.ts'
import { eachFor, lanesFor } from './lanes.ts'
import { isArray, widthOf } from './shapes.ts'

/** Side of a square window, the step from one to the next, and the rows and columns added around an image. */
export interface Window {
  readonly kernel: number
  readonly stride: number
  readonly padding: number
}

const isCount = (n: number, least: number): boolean => Number.isInteger(n) && n >= least

/** Height and width after a window has passed, as PyTorch rounds them: down. */
export const sidesAfter = (
  { shape: [, h = 1, w = 1] }: Aval,
  { kernel, stride, padding }: Window,
): readonly [number, number] => {
  const after = (n: number) => Math.floor((n + 2 * padding - kernel) / stride) + 1
  return [after(h), after(w)]
}

/** Shape rule: x f32[B, H, W, C] gives [B, H', W', C]; the padding is at most half of the window. */
export const pooled = (ins: ReadonlyArray<Aval>, window: Window): E.Either<string, Aval> => {
  const [x, ...more] = ins
  const { kernel, stride, padding } = window
  const fits =
    isCount(kernel, 1) && isCount(stride, 1) && isCount(padding, 0) && 2 * padding <= kernel
  if (!isArray(x, 'f32', 4) || more.length > 0 || !fits) {
    return E.left('needs x f32[B, H, W, C], and a padding of at most half of the window')
  }
  const [h, w] = sidesAfter(x, window)
  return h > 0 && w > 0
    ? E.right(f32(x.shape[0] ?? 1, h, w, widthOf(x)))
    : E.left(`needs images of at least ${kernel - 2 * padding} rows and columns`)
}

/** A window and the shape of the images before it. */
export interface WindowGrad extends Window {
  readonly shape: ReadonlyArray<number>
}

/** Shape rule of the way back: dy must be what the window leaves of images of `shape`, which is the result's. */
export const unpooled = (
  dy: Aval | undefined,
  { shape, ...window }: WindowGrad,
): E.Either<string, Aval> =>
  pipe(
    isShape(shape) ? pooled([f32(...shape)], window) : E.left(`${shape} is no shape`),
    E.filterOrElse(
      y => dy !== undefined && sameAval(y, dy),
      y => `needs dy ${showAval(y)}`,
    ),
    E.map(() => f32(...shape)),
  )

/** Plain numbers about images x and what a window makes of them, for reference kernels. */
export const sidesOf = (x: Aval, y: Aval) => {
  const [, h = 1, w = 1, channels = 1] = x.shape
  const [, outH = 1, outW = 1] = y.shape
  return { h, w, channels, outH, outW }
}

/** What a pass of windows is made of; `shader` goes before the text that slides, and sums are multiplied by `scale`. */
export interface Windows {
  readonly label: string
  readonly shader: string
  readonly bindings: ReadonlyArray<Ref>
  readonly scale?: number
}

/** Images before and after windows, and the lines x places along which lanes slide, each at `each` elements. */
interface Slide {
  readonly x: Aval
  readonly y: Aval
  readonly lines: number
  readonly places: number
  readonly each: number
}

/** Real GPUs want many lanes, software Vulkan few long loops of its SIMD width. */
const slide = (
  { x, y, lines, places, each }: Slide,
  { kernel, stride, padding }: Window,
  { label, shader, bindings, scale = 1 }: Windows,
  target: Target,
): Dispatch => {
  const elements = elementsFor(widthOf(x))
  const { h, w, channels, outH, outW } = sidesOf(x, y)
  const columns = channels / elements.size
  const span = target.family === 'tiled' ? Math.min(8, places) : places
  const spans = Math.ceil(places / span)
  const lanes = (lines * spans * columns) / each
  const LANES = lanesFor(target)
  return {
    label,
    shader: elements.shader(shader) + divide,
    constants: { LANES, KERNEL: kernel, STRIDE: stride, PADDING: padding },
    uniform: [...[lanes, columns, h, w, outH, outW, span, spans].map(word), real(scale)],
    bindings,
    workgroups: groupsFor(Math.ceil(lanes / LANES), target),
  }
}

/** A pass that makes y of the windows of images x; the shader is a part of pool.wgsl. */
export const overWindows = (
  [x, y]: readonly [Aval, Aval],
  window: Window,
  what: Windows,
  target: Target,
): Dispatch => {
  const { outH, outW } = sidesOf(x, y)
  const each = eachFor(widthOf(x), target)
  const lines = (x.shape[0] ?? 1) * outH
  const pass = slide(
    { x, y, lines, places: outW, each },
    window,
    { ...what, shader: what.shader + source },
    target,
  )
  return { ...pass, constants: { ...pass.constants, EACH: each } }
}

/** A pass that gives to images x what windows y share out; the shader is a part of pool-grad.wgsl. */
export const overShares = (
  [x, y]: readonly [Aval, Aval],
  window: Window,
  what: Windows,
  target: Target,
): Dispatch => {
  const { h, w } = sidesOf(x, y)
  const lines = (x.shape[0] ?? 1) * Math.ceil(h / window.stride)
  const places = Math.ceil(w / window.stride)
  return slide(
    { x, y, lines, places, each: 1 },
    window,
    { ...what, shader: what.shader + gradSource },
    target,
  )
}

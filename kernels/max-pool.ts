// Largest values of windows over images, and their gradient, which every place gathers from its windows.
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as O from 'fp-ts/Option'
import { sameAval, sizeOf } from '../src/core/aval.ts'
import { input, output } from '../src/core/dispatch.ts'
import { apply, at, defineOp, noGradient, type Op } from '../src/core/op.ts'
import source from '../shaders/max-pool.wgsl' with { type: 'text' }
import gradSource from '../shaders/max-pool-grad.wgsl' with { type: 'text' }
import { cut, cutShaped } from './cuts.ts'
import { type Flat, hostKernel, none, toU32 } from './gpu-js.ts'
import { operand } from './shapes.ts'
import {
  overShares,
  overWindows,
  pooled,
  sidesOf,
  unpooled,
  type Window,
  type WindowGrad,
} from './window.ts'

export type { Window, WindowGrad } from './window.ts'

const indices = hostKernel(function (
  x: Flat,
  h: number,
  w: number,
  channels: number,
  outH: number,
  outW: number,
  kernel: number,
  stride: number,
  padding: number,
) {
  const c = this.thread.x % channels
  const p = (this.thread.x - c) / channels
  const column = p % outW
  const row = ((p - column) / outW) % outH
  const start = Math.floor(p / (outW * outH)) * h * w
  const top = Math.max(row * stride - padding, 0)
  const left = Math.max(column * stride - padding, 0)
  const bottom = Math.min(row * stride - padding + kernel, h)
  const right = Math.min(column * stride - padding + kernel, w)
  let place = top * w + left
  let best = x[(start + place) * channels + c] ?? 0
  for (let i = top; i < bottom; i++) {
    for (let j = left; j < right; j++) {
      const v = x[(start + i * w + j) * channels + c] ?? 0
      place = v > best ? i * w + j : place
      best = Math.max(best, v)
    }
  }
  return place
})

const values = hostKernel(function (
  x: Flat,
  index: Flat,
  channels: number,
  places: number,
  outPlaces: number,
) {
  const c = this.thread.x % channels
  const image = Math.floor((this.thread.x - c) / channels / outPlaces)
  return x[(image * places + (index[this.thread.x] ?? 0)) * channels + c] ?? 0
})

const gradKernel = hostKernel(function (
  dy: Flat,
  index: Flat,
  channels: number,
  places: number,
  outPlaces: number,
) {
  const c = this.thread.x % channels
  const p = (this.thread.x - c) / channels
  const place = p % places
  const start = ((p - place) / places) * outPlaces
  let sum = 0
  for (let o = 0; o < outPlaces; o++) {
    const i = (start + o) * channels + c
    sum += index[i] === place ? (dy[i] ?? 0) : 0
  }
  return sum
})

/**
 * x [B, H, W, C] -> [y, index u32] of [B, H', W', C]: the largest value of every window, and its place row W + column in
 * the image, the first of equal ones as in PyTorch. Nothing lies in the padding.
 */
export const maxPool2d: Op<Window> = defineOp({
  name: 'maxPool2d',
  split: cut(['rows'], ['rows', 'rows']),
  ports: 2,
  infer: (ins, window) =>
    pipe(
      pooled(ins, window),
      E.map(y => [y, { ...y, dtype: 'u32' }]),
    ),
  lower: ({ attrs, ins, outs }, target) => {
    const [x, y] = [operand(ins, 0), operand(outs, 0)]
    const bindings = [input(0), output(0), output(1)]
    return [overWindows([x, y], attrs, { label: 'maxPool2d', shader: source, bindings }, target)]
  },
  vjp: ({ attrs, ins, results }, [dy = O.none]) =>
    pipe(
      dy,
      O.map(ct => {
        const { shape } = operand(ins, 0)
        return apply(maxPool2dGrad, { ...attrs, shape })(ct, at(results, 1))
      }),
      dx => [dx],
    ),
  oracle: ([x = none], { attrs, ins, outs }) => {
    const { h, w, channels, outH, outW } = sidesOf(operand(ins, 0), operand(outs, 0))
    const { kernel, stride, padding } = attrs
    const size = sizeOf(operand(outs, 0))
    const index = indices(size, x, h, w, channels, outH, outW, kernel, stride, padding)
    return [values(size, x, index, channels, h * w, outH * outW), toU32(index)]
  },
})

/** (dy, index u32 [B, H', W', C]) -> dx of `shape`, what `maxPool2d` took from there; summed in a fixed order. */
export const maxPool2dGrad: Op<WindowGrad> = defineOp({
  name: 'maxPool2dGrad',
  split: cutShaped(() => maxPool2dGrad),
  infer: ([dy, index, ...more], attrs) =>
    pipe(
      unpooled(dy, attrs),
      E.filterOrElse(
        () =>
          dy !== undefined &&
          index !== undefined &&
          sameAval(index, { ...dy, dtype: 'u32' }) &&
          more.length === 0,
        () => 'needs dy f32 and index u32 of one shape',
      ),
      E.map(x => [x]),
    ),
  lower: ({ attrs, ins, outs }, target) => {
    const [y, x] = [operand(ins, 0), operand(outs, 0)]
    const bindings = [input(0), input(1), output()]
    const pass = { label: 'maxPool2dGrad', shader: gradSource, bindings }
    return [overShares([x, y], attrs, pass, target)]
  },
  vjp: noGradient,
  oracle: ([dy = none, index = none], { ins, outs }) => {
    const { h, w, channels, outH, outW } = sidesOf(operand(outs, 0), operand(ins, 0))
    return [gradKernel(sizeOf(operand(outs, 0)), dy, index, channels, h * w, outH * outW)]
  },
})

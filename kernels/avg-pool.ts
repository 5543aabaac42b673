// Means of windows over images, and their gradient.
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import { sizeOf } from '../src/core/aval.ts'
import { input, output } from '../src/core/dispatch.ts'
import { apply, defineOp, noGradient, type Op } from '../src/core/op.ts'
import source from '../shaders/avg-pool.wgsl' with { type: 'text' }
import gradSource from '../shaders/avg-pool-grad.wgsl' with { type: 'text' }
import { cutAll, cutShaped } from './cuts.ts'
import { type Flat, hostKernel, none } from './gpu-js.ts'
import { operand, pull } from './shapes.ts'
import {
  overShares,
  overWindows,
  pooled,
  sidesOf,
  unpooled,
  type Window,
  type WindowGrad,
} from './window.ts'

const kernelOf = hostKernel(function (
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
  let sum = 0
  for (let i = 0; i < kernel; i++) {
    for (let j = 0; j < kernel; j++) {
      const a = row * stride - padding + i
      const b = column * stride - padding + j
      const inside = a >= 0 && a < h && b >= 0 && b < w
      sum += inside ? (x[(start + a * w + b) * channels + c] ?? 0) : 0
    }
  }
  return sum / kernel / kernel
})

const gradKernel = hostKernel(function (
  dy: Flat,
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
  const column = (p % w) + padding
  const row = (Math.floor(p / w) % h) + padding
  const start = Math.floor(p / (w * h)) * outH * outW
  let sum = 0
  for (let i = 0; i < outH; i++) {
    for (let j = 0; j < outW; j++) {
      const a = row - i * stride
      const b = column - j * stride
      const inside = a >= 0 && a < kernel && b >= 0 && b < kernel
      sum += inside ? (dy[(start + i * outW + j) * channels + c] ?? 0) : 0
    }
  }
  return sum / kernel / kernel
})

/**
 * x [B, H, W, C] -> [B, H', W', C], the mean of every window with zeros in the padding, which count, as in PyTorch. A
 * kernel of 1 takes every `stride`-th row and column.
 */
export const avgPool2d: Op<Window> = defineOp({
  name: 'avgPool2d',
  split: cutAll,
  infer: (ins, window) =>
    pipe(
      pooled(ins, window),
      E.map(y => [y]),
    ),
  lower: ({ attrs, ins, outs }, target) => {
    const [x, y] = [operand(ins, 0), operand(outs, 0)]
    const scale = attrs.kernel ** -2
    const pass = { label: 'avgPool2d', shader: source, bindings: [input(0), output()], scale }
    return [overWindows([x, y], attrs, pass, target)]
  },
  vjp: ({ attrs, ins }, cotangents) =>
    pull(cotangents, apply(avgPool2dGrad, { ...attrs, shape: operand(ins, 0).shape })),
  oracle: ([x = none], { attrs, ins, outs }) => {
    const { h, w, channels, outH, outW } = sidesOf(operand(ins, 0), operand(outs, 0))
    const { kernel, stride, padding } = attrs
    const size = sizeOf(operand(outs, 0))
    return [kernelOf(size, x, h, w, channels, outH, outW, kernel, stride, padding)]
  },
})

/** dy [B, H', W', C] -> dx of `shape`: every place's share of the windows that hold it. */
export const avgPool2dGrad: Op<WindowGrad> = defineOp({
  name: 'avgPool2dGrad',
  split: cutShaped(() => avgPool2dGrad),
  infer: ([dy, ...more], attrs) =>
    pipe(
      unpooled(dy, attrs),
      E.filterOrElse(
        () => more.length === 0,
        () => 'needs dy alone',
      ),
      E.map(x => [x]),
    ),
  lower: ({ attrs, ins, outs }, target) => {
    const [y, x] = [operand(ins, 0), operand(outs, 0)]
    const bindings = [input(0), output()]
    const pass = { label: 'avgPool2dGrad', shader: gradSource, bindings, scale: attrs.kernel ** -2 }
    return [overShares([x, y], attrs, pass, target)]
  },
  vjp: noGradient,
  oracle: ([dy = none], { attrs, ins, outs }) => {
    const { h, w, channels, outH, outW } = sidesOf(operand(outs, 0), operand(ins, 0))
    const { kernel, stride, padding } = attrs
    const size = sizeOf(operand(outs, 0))
    return [gradKernel(size, dy, h, w, channels, outH, outW, kernel, stride, padding)]
  },
})

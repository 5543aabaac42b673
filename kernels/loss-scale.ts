// The scale of a loss whose gradients pass through f16: what a step takes from it, and how it moves, on the device.
import * as E from 'fp-ts/Either'
import { f32, sizeOf } from '../src/core/aval.ts'
import { input, output, real, word } from '../src/core/dispatch.ts'
import { defineOp, noGradient, type Op } from '../src/core/op.ts'
import nextSource from '../shaders/next-scale.wgsl' with { type: 'text' }
import source from '../shaders/loss-scale.wgsl' with { type: 'text' }
import { type Flat, hostKernel, none } from './gpu-js.ts'
import { isVector, operand } from './shapes.ts'

/** Scales are never larger: beyond it they have nothing left to save from f16's smallest numbers. */
const TOP = 2 ** 24

/** f16's largest number; gradients must stay below it. */
const LARGEST = 65504

const unscaling = hostKernel(function (hyper: Flat, scaling: Flat) {
  return this.thread.x < 3 ? (hyper[this.thread.x] ?? 0) : 1 / (scaling[0] ?? 1)
})

/** (hyper [4], scaling [2] = [scale, steps since it changed]) -> [hyper with 1 / scale for `sgd`, scale [1]]. */
export const lossScale: Op<null> = defineOp({
  name: 'lossScale',
  ports: 2,
  infer: ([hyper, scaling, ...more]) =>
    isVector(hyper, 'f32', 4) && isVector(scaling, 'f32', 2) && more.length === 0
      ? E.right([f32(4), f32(1)])
      : E.left('needs hyper f32[4] and scaling f32[2]'),
  lower: () => [
    {
      label: 'loss scale',
      shader: source,
      constants: {},
      uniform: [],
      bindings: [input(0), input(1), output(0), output(1)],
      workgroups: [1, 1, 1],
    },
  ],
  vjp: noGradient,
  oracle: ([hyper = none, scaling = none]) => [
    unscaling(4, hyper, scaling),
    Float32Array.of(scaling[0] ?? 1),
  ],
})

/** Steps without overflow after which the scale is doubled. */
export interface Growth {
  readonly every: number
}

/**
 * (scaling [2], probe f32[..]) -> scaling overwritten, after a step whose scaled gradients the probe stands for: the scale
 * is halved where an element is no number below f16's largest, and doubled after `every` steps in a row without such.
 */
export const nextScale: Op<Growth> = defineOp({
  name: 'nextScale',
  overwrites: [{ index: 0, port: 0 }],
  infer: ([scaling, probe, ...more]) =>
    isVector(scaling, 'f32', 2) && probe?.dtype === 'f32' && more.length === 0
      ? E.right([f32(2)])
      : E.left('needs scaling f32[2] and a probe f32[..]'),
  lower: ({ ins, attrs }) => [
    {
      label: 'next loss scale',
      shader: nextSource,
      constants: {},
      uniform: [word(sizeOf(operand(ins, 1))), word(attrs.every), real(TOP)],
      bindings: [output(), input(1)],
      workgroups: [1, 1, 1],
    },
  ],
  vjp: noGradient,
  oracle: ([scaling = none, probe = none], { attrs }) => {
    const [scale = 1, steps = 0] = scaling
    if (!probe.every(v => Math.abs(v) < LARGEST))
      return [Float32Array.of(Math.max(1, scale / 2), 0)]
    return steps + 1 >= attrs.every
      ? [Float32Array.of(Math.min(TOP, 2 * scale), 0)]
      : [Float32Array.of(scale, steps + 1)]
  },
})

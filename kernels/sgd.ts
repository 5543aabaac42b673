// One step of stochastic gradient descent with momentum and weight decay, in place.
import * as E from 'fp-ts/Either'
import { sameAval } from '../src/core/aval.ts'
import { input, output } from '../src/core/dispatch.ts'
import { defineOp, noGradient, type Op } from '../src/core/op.ts'
import source from '../shaders/sgd.wgsl' with { type: 'text' }
import { cut } from './cuts.ts'
import { type Flat, hostKernel, none } from './gpu-js.ts'
import { overVec4s } from './pointwise.ts'
import { isVector, operand } from './shapes.ts'

const momentum = hostKernel(function (p: Flat, gradient: Flat, buffer: Flat, hyper: Flat) {
  const unscale = hyper[3] ?? 0
  let g = gradient[this.thread.x] ?? 0
  if (unscale !== 0) {
    g = g - g === 0 ? unscale * g : 0
  }
  g = g + (hyper[2] ?? 0) * (p[this.thread.x] ?? 0)
  return (hyper[1] ?? 0) * (buffer[this.thread.x] ?? 0) + g
})

const descend = hostKernel(function (p: Flat, buffer: Flat, hyper: Flat) {
  return (p[this.thread.x] ?? 0) - (hyper[0] ?? 0) * (buffer[this.thread.x] ?? 0)
})

/**
 * (p, gradient, buffer of one shape, hyper [4] = [rate, momentum, weight decay, unscale]) -> [p, buffer] overwritten:
 * g = gradient + decay p, buffer = momentum buffer + g, p = p - rate buffer, as PyTorch's SGD; the buffer starts at zero.
 * Where unscale is not 0 the gradient is that of a scaled loss: it is multiplied by it, and what is not finite counts as 0.
 */
export const sgd: Op<null> = defineOp({
  name: 'sgd',
  split: cut(['rows', 'rows', 'rows', 'whole'], ['rows', 'rows']),
  ports: 2,
  overwrites: [
    { index: 0, port: 0 },
    { index: 2, port: 1 },
  ],
  infer: ([p, gradient, buffer, hyper, ...more]) =>
    p?.dtype === 'f32' &&
    gradient !== undefined &&
    sameAval(p, gradient) &&
    buffer !== undefined &&
    sameAval(p, buffer) &&
    isVector(hyper, 'f32', 4) &&
    more.length === 0
      ? E.right([p, buffer])
      : E.left('needs parameter, gradient and buffer f32 of one shape, and hyper f32[4]'),
  lower: ({ ins }, target) => [
    overVec4s(operand(ins, 0), target, {
      label: 'sgd',
      shader: source,
      bindings: [output(0), input(1), output(1), input(3)],
    }),
  ],
  vjp: noGradient,
  oracle: ([p = none, gradient = none, buffer = none, hyper = none]) => {
    const next = momentum(p.length, p, gradient, buffer, hyper)
    return [descend(p.length, p, next, hyper), next]
  },
})

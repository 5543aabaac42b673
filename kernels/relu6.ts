// Rectified linear unit that saturates at 6, and its gradient through the result.
import { apply, at, type Op } from '../src/core/op.ts'
import source from '../shaders/relu6.wgsl' with { type: 'text' }
import gradSource from '../shaders/relu6-grad.wgsl' with { type: 'text' }
import { type Flat, hostKernel, none } from './gpu-js.ts'
import { mapOp } from './pointwise.ts'
import { pull } from './shapes.ts'

const kernel = hostKernel(function (x: Flat) {
  return Math.min(Math.max(x[this.thread.x] ?? 0, 0), 6)
})

const gradKernel = hostKernel(function (y: Flat, dy: Flat) {
  const v = y[this.thread.x] ?? 0
  return v > 0 && v < 6 ? (dy[this.thread.x] ?? 0) : 0
})

/** min(max(x, 0), 6); its gradient reads the result, so that x need not be kept. */
export const relu6: Op<null> = mapOp({
  name: 'relu6',
  arity: 1,
  shader: source,
  vjp: ({ results }, cotangents) =>
    pull(cotangents, ct => apply(relu6Grad, null)(at(results, 0), ct)),
  oracle: ([x = none]) => [kernel(x.length, x)],
})

/** (y, dy) -> dy where 0 < y < 6, else 0; y is the result of `relu6`. */
export const relu6Grad: Op<null> = mapOp({
  name: 'relu6Grad',
  arity: 2,
  shader: gradSource,
  vjp: ({ args }, cotangents) =>
    pull(cotangents, null, ct => apply(relu6Grad, null)(at(args, 0), ct)),
  oracle: ([y = none, dy = none]) => [gradKernel(y.length, y, dy)],
})

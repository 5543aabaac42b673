// Rectified linear unit and its gradient through the result.
import { apply, at, type Op } from '../src/core/op.ts'
import source from '../shaders/relu.wgsl' with { type: 'text' }
import gradSource from '../shaders/relu-grad.wgsl' with { type: 'text' }
import { type Flat, hostKernel, none } from './gpu-js.ts'
import { mapOp } from './pointwise.ts'
import { pull } from './shapes.ts'

const kernel = hostKernel(function (x: Flat) {
  return Math.max(x[this.thread.x] ?? 0, 0)
})

const gradKernel = hostKernel(function (y: Flat, dy: Flat) {
  return (y[this.thread.x] ?? 0) > 0 ? (dy[this.thread.x] ?? 0) : 0
})

/** max(x, 0); its gradient reads the result, so that x need not be kept. */
export const relu: Op<null> = mapOp({
  name: 'relu',
  arity: 1,
  shader: source,
  vjp: ({ results }, cotangents) =>
    pull(cotangents, ct => apply(reluGrad, null)(at(results, 0), ct)),
  oracle: ([x = none]) => [kernel(x.length, x)],
})

/** (y, dy) -> dy where y > 0, else 0; y is the result of `relu`. */
export const reluGrad: Op<null> = mapOp({
  name: 'reluGrad',
  arity: 2,
  shader: gradSource,
  vjp: ({ args }, cotangents) =>
    pull(cotangents, null, ct => apply(reluGrad, null)(at(args, 0), ct)),
  oracle: ([y = none, dy = none]) => [gradKernel(y.length, y, dy)],
})

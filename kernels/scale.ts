// Multiplication by a constant.
import { real } from '../src/core/dispatch.ts'
import { apply, type Op } from '../src/core/op.ts'
import source from '../shaders/scale.wgsl' with { type: 'text' }
import { type Flat, hostKernel, none } from './gpu-js.ts'
import { mapOp } from './pointwise.ts'
import { pull } from './shapes.ts'

const kernel = hostKernel(function (x: Flat, factor: number) {
  return factor * (x[this.thread.x] ?? 0)
})

/** factor x, with a factor known when the program is traced. */
export const scale: Op<{ readonly factor: number }> = mapOp({
  name: 'scale',
  arity: 1,
  shader: source,
  params: ({ factor }) => [real(factor)],
  vjp: ({ attrs }, cotangents) => pull(cotangents, ct => apply(scale, attrs)(ct)),
  oracle: ([x = none], { attrs }) => [kernel(x.length, x, attrs.factor)],
})

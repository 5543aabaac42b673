// Multiplication by a constant.
import { input, output, real } from '../src/core/dispatch.ts'
import { apply, defineOp, type Op } from '../src/core/op.ts'
import source from '../shaders/scale.wgsl' with { type: 'text' }
import { cutAll } from './cuts.ts'
import { type Flat, hostKernel, none } from './gpu-js.ts'
import { overVec4s } from './pointwise.ts'
import { allAlike, operand, pull } from './shapes.ts'

const kernel = hostKernel(function (x: Flat, factor: number) {
  return factor * (x[this.thread.x] ?? 0)
})

/** factor x, with a factor known when the program is traced. */
export const scale: Op<{ readonly factor: number }> = defineOp({
  name: 'scale',
  split: cutAll,
  infer: allAlike(1),
  lower: ({ attrs, ins }, target) => [
    overVec4s(operand(ins, 0), target, {
      label: 'scale',
      shader: source,
      bindings: [input(0), output()],
      params: [real(attrs.factor)],
    }),
  ],
  vjp: ({ attrs }, cotangents) => pull(cotangents, ct => apply(scale, attrs)(ct)),
  oracle: ([x = none], { attrs }) => [kernel(x.length, x, attrs.factor)],
})

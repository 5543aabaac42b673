// Product of two arrays, element by element.
import { apply, at, type Op } from '../src/core/op.ts'
import source from '../shaders/mul.wgsl' with { type: 'text' }
import { type Flat, hostKernel, none } from './gpu-js.ts'
import { mapOp } from './pointwise.ts'
import { pull } from './shapes.ts'

const kernel = hostKernel(function (a: Flat, b: Flat) {
  return (a[this.thread.x] ?? 0) * (b[this.thread.x] ?? 0)
})

/** a b element by element, f32 arrays of one shape. */
export const mul: Op<null> = mapOp({
  name: 'mul',
  arity: 2,
  shader: source,
  vjp: ({ args }, cotangents) =>
    pull(
      cotangents,
      ct => apply(mul, null)(ct, at(args, 1)),
      ct => apply(mul, null)(ct, at(args, 0)),
    ),
  oracle: ([a = none, b = none]) => [kernel(a.length, a, b)],
})

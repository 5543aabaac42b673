// Difference of two arrays.
import { apply, type Op } from '../src/core/op.ts'
import source from '../shaders/sub.wgsl' with { type: 'text' }
import { type Flat, hostKernel, none } from './gpu-js.ts'
import { mapOp } from './pointwise.ts'
import { scale } from './scale.ts'
import { pull } from './shapes.ts'

const kernel = hostKernel(function (a: Flat, b: Flat) {
  return (a[this.thread.x] ?? 0) - (b[this.thread.x] ?? 0)
})

/** a - b, f32 arrays of one shape. */
export const sub: Op<null> = mapOp({
  name: 'sub',
  arity: 2,
  shader: source,
  vjp: (_, cotangents) =>
    pull(
      cotangents,
      ct => ct,
      ct => apply(scale, { factor: -1 })(ct),
    ),
  oracle: ([a = none, b = none]) => [kernel(a.length, a, b)],
})

// Sum of two arrays.
import type { Op } from '../src/core/op.ts'
import source from '../shaders/add.wgsl' with { type: 'text' }
import { type Flat, hostKernel, none } from './gpu-js.ts'
import { mapOp } from './pointwise.ts'
import { pull } from './shapes.ts'

const kernel = hostKernel(function (a: Flat, b: Flat) {
  return (a[this.thread.x] ?? 0) + (b[this.thread.x] ?? 0)
})

/** a + b, f32 arrays of one shape. */
export const add: Op<null> = mapOp({
  name: 'add',
  arity: 2,
  shader: source,
  vjp: (_, cotangents) =>
    pull(
      cotangents,
      ct => ct,
      ct => ct,
    ),
  oracle: ([a = none, b = none]) => [kernel(a.length, a, b)],
})

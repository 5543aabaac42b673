// A sum and its rectification in one pass: how a residual block ends.
import * as O from 'fp-ts/Option'
import { apply, at, type Op } from '../src/core/op.ts'
import source from '../shaders/add-relu.wgsl' with { type: 'text' }
import { type Flat, hostKernel, none } from './gpu-js.ts'
import { mapOp } from './pointwise.ts'
import { reluGrad } from './relu.ts'

const kernel = hostKernel(function (a: Flat, b: Flat) {
  return Math.max((a[this.thread.x] ?? 0) + (b[this.thread.x] ?? 0), 0)
})

/** (a, b) -> max(a + b, 0); both gradients are one array. */
export const addRelu: Op<null> = mapOp({
  name: 'addRelu',
  arity: 2,
  shader: source,
  vjp: ({ results }, [ct = O.none]) => {
    if (O.isNone(ct)) return [O.none, O.none]
    const both = O.some(apply(reluGrad, null)(at(results, 0), ct.value))
    return [both, both]
  },
  oracle: ([a = none, b = none]) => [kernel(a.length, a, b)],
})

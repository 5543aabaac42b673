// Reverse mode with the ops it needs: `gradient` of the core, bound to `add` and `fill`.
import { add } from '../../kernels/add.ts'
import { fill } from '../../kernels/fill.ts'
import { gradient } from '../core/grad.ts'
import { apply } from '../core/op.ts'
import type { Value } from '../core/value.ts'

const plus = (a: Value, b: Value): Value => apply(add, null)(a, b)

/** Gradients of a value, each element counted once, with respect to others; `none` where it does not depend on them. */
export const grad = gradient({
  add: plus,
  ones: aval => apply(fill, { shape: aval.shape, value: 1 })(),
})

/** Gradients as `grad`'s, but of a multiple of the value: `seed`, of its shape, is its cotangent. */
export const gradFrom = (seed: Value) => gradient({ add: plus, ones: () => seed })

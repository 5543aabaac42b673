// Reverse mode with the ops it needs: `gradient` of the core, bound to `add` and `fill`.
import { add } from '../../kernels/add.ts'
import { fill } from '../../kernels/fill.ts'
import { gradient } from '../core/grad.ts'
import { apply } from '../core/op.ts'

/** Gradients of a value, each element counted once, with respect to others; `none` where it does not depend on them. */
export const grad = gradient({
  add: (a, b) => apply(add, null)(a, b),
  ones: aval => apply(fill, { shape: aval.shape, value: 1 })(),
})

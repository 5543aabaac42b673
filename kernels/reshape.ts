// The same numbers under another shape; nothing runs where the operand is needed no more.
import * as E from 'fp-ts/Either'
import { isShape, sizeOf } from '../src/core/aval.ts'
import { apply, defineOp, type Op } from '../src/core/op.ts'
import { cutShaped } from './cuts.ts'
import { none } from './gpu-js.ts'
import { operand, pull } from './shapes.ts'

/** The shape of the result. */
export interface Shape {
  readonly shape: ReadonlyArray<number>
}

/** x of any dtype -> its numbers in row-major order under `shape`, of as many elements. It takes its operand's storage. */
export const reshape: Op<Shape> = defineOp({
  name: 'reshape',
  split: cutShaped(() => reshape),
  overwrites: [{ index: 0, port: 0 }],
  infer: ([x, ...more], { shape }) => {
    const y = x === undefined ? undefined : { dtype: x.dtype, shape }
    return x !== undefined &&
      y !== undefined &&
      isShape(shape) &&
      sizeOf(x) === sizeOf(y) &&
      more.length === 0
      ? E.right([y])
      : E.left(`needs one array of as many elements as [${shape.join(', ')}]`)
  },
  lower: () => [],
  vjp: ({ ins }, cotangents) => pull(cotangents, apply(reshape, { shape: operand(ins, 0).shape })),
  oracle: ([x = none]) => [x.slice()],
})

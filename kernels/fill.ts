// An array of one constant.
import * as E from 'fp-ts/Either'
import { f32, isShape, sizeOf } from '../src/core/aval.ts'
import { output, real } from '../src/core/dispatch.ts'
import { defineOp, type Op } from '../src/core/op.ts'
import source from '../shaders/fill.wgsl' with { type: 'text' }
import { cutShaped } from './cuts.ts'
import { hostKernel, type Lane } from './gpu-js.ts'
import { overVec4s } from './pointwise.ts'
import { operand } from './shapes.ts'

/** Shape and value of a constant array. */
export interface Fill {
  readonly shape: ReadonlyArray<number>
  readonly value: number
}

const kernel = hostKernel(function (this: Lane, value: number) {
  return value
})

/** The f32 array of `shape` that holds `value` everywhere; no operands. */
export const fill: Op<Fill> = defineOp({
  name: 'fill',
  split: cutShaped(() => fill),
  infer: (ins, { shape }) =>
    ins.length === 0 && isShape(shape)
      ? E.right([f32(...shape)])
      : E.left('needs a shape of positive whole numbers and no operands'),
  lower: ({ attrs, outs }, target) => [
    overVec4s(operand(outs, 0), target, {
      label: 'fill',
      shader: source,
      bindings: [output()],
      params: [real(attrs.value)],
    }),
  ],
  vjp: () => [],
  oracle: (_, { attrs }) => [kernel(sizeOf(f32(...attrs.shape)), attrs.value)],
})

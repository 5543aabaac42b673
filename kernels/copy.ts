// Copies: into a new array, or over the contents of another one.
import * as E from 'fp-ts/Either'
import { sameAval } from '../src/core/aval.ts'
import { input, output } from '../src/core/dispatch.ts'
import { defineOp, noGradient, type Op } from '../src/core/op.ts'
import source from '../shaders/copy.wgsl' with { type: 'text' }
import { cutAll } from './cuts.ts'
import { none } from './gpu-js.ts'
import { overVec4s } from './pointwise.ts'
import { operand, pull } from './shapes.ts'

/** A new array with the contents of its operand; any dtype and shape. */
export const copy: Op<null> = defineOp({
  name: 'copy',
  split: cutAll,
  infer: ([x, ...more]) =>
    x !== undefined && more.length === 0 ? E.right([x]) : E.left('needs one array'),
  lower: ({ ins }, target) => [
    overVec4s(operand(ins, 0), target, {
      label: 'copy',
      shader: source,
      bindings: [input(0), output()],
    }),
  ],
  vjp: (_, cotangents) => pull(cotangents, ct => ct),
  oracle: ([x = none]) => [x.slice()],
})

/** (src, dst) -> dst overwritten with the contents of src; equal dtypes and shapes. */
export const assign: Op<null> = defineOp({
  name: 'assign',
  split: cutAll,
  overwrites: [{ index: 1, port: 0 }],
  infer: ([src, dst, ...more]) =>
    src !== undefined && dst !== undefined && sameAval(src, dst) && more.length === 0
      ? E.right([dst])
      : E.left('needs two arrays of one dtype and shape'),
  lower: ({ ins }, target) => [
    overVec4s(operand(ins, 0), target, {
      label: 'assign',
      shader: source,
      bindings: [input(0), output()],
    }),
  ],
  vjp: noGradient,
  oracle: ([src = none]) => [src.slice()],
})

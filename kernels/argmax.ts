// The column of each row's largest element.
import * as E from 'fp-ts/Either'
import { u32 } from '../src/core/aval.ts'
import { type Dispatch, input, output, type Ref, type Target, word } from '../src/core/dispatch.ts'
import { defineOp, noGradient, type Op } from '../src/core/op.ts'
import source from '../shaders/argmax.wgsl' with { type: 'text' }
import { cutAll } from './cuts.ts'
import { type Flat, hostKernel, none, toU32 } from './gpu-js.ts'
import { lanesFor, rowGroups } from './reduce.ts'
import { isArray, operand, rowsOf, widthOf } from './shapes.ts'

const kernel = hostKernel(function (x: Flat, classes: number) {
  const start = this.thread.x * classes
  let place = 0
  for (let k = 1; k < classes; k++) {
    if ((x[start + k] ?? 0) > (x[start + place] ?? 0)) place = k
  }
  return place
})

/** On the host: the column of the largest element of each of `rows` rows. */
export const argmaxRows = (x: Flat, rows: number): Uint32Array =>
  toU32(kernel(rows, x, x.length / rows))

/** The dispatch that writes each row's column to `to`. */
export const argmaxInto = (
  from: Ref,
  to: Ref,
  rows: number,
  classes: number,
  target: Target,
): Dispatch => {
  const lanes = lanesFor(classes)
  return {
    label: 'argmax',
    shader: source,
    constants: {},
    uniform: [word(rows), word(classes), word(lanes)],
    bindings: [from, to],
    workgroups: rowGroups(rows, lanes, target),
  }
}

/** x [B, K] -> u32 [B], the lowest column at which a row is largest; no gradient. */
export const argmax: Op<null> = defineOp({
  name: 'argmax',
  split: cutAll,
  infer: ([x, ...more]) =>
    isArray(x, 'f32', 2) && more.length === 0
      ? E.right([u32(rowsOf(x))])
      : E.left('needs x f32[B, K]'),
  lower: ({ ins }, target) => {
    const x = operand(ins, 0)
    return [argmaxInto(input(0), output(), rowsOf(x), widthOf(x), target)]
  },
  vjp: noGradient,
  oracle: ([x = none], { ins }) => [argmaxRows(x, rowsOf(operand(ins, 0)))],
})

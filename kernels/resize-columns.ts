// Columns cut off or zeros appended, so that features of another width can be added; each is the other's gradient.
import * as E from 'fp-ts/Either'
import { f32, sizeOf } from '../src/core/aval.ts'
import { input, output, word } from '../src/core/dispatch.ts'
import { apply, defineOp, type Op } from '../src/core/op.ts'
import source from '../shaders/resize-columns.wgsl' with { type: 'text' }
import { type Flat, hostKernel, none } from './gpu-js.ts'
import { overVec4s } from './pointwise.ts'
import { isArray, operand, pull, widthOf } from './shapes.ts'

/** The number of columns of the result. */
export interface Width {
  readonly width: number
}

const kernel = hostKernel(function (x: Flat, from: number, to: number) {
  const column = this.thread.x % to
  const row = (this.thread.x - column) / to
  return column < from ? (x[row * from + column] ?? 0) : 0
})

const resize = (
  name: string,
  wants: string,
  fits: (from: number, to: number) => boolean,
  inverse: () => Op<Width>,
): Op<Width> => ({
  name,
  infer: ([x, ...more], { width }) =>
    isArray(x, 'f32', 2) && fits(widthOf(x), width) && Number.isInteger(width) && more.length === 0
      ? E.right([f32(x.shape[0] ?? 1, width)])
      : E.left(`needs x f32[B, D] and a width ${wants} D, given ${width}`),
  lower: ({ ins, outs }, target) => [
    overVec4s(operand(outs, 0), target, {
      label: name,
      shader: source,
      params: [sizeOf(operand(outs, 0)), widthOf(operand(ins, 0)), widthOf(operand(outs, 0))].map(
        word,
      ),
      bindings: [input(0), output()],
    }),
  ],
  vjp: ({ ins }, cotangents) =>
    pull(cotangents, apply(inverse(), { width: widthOf(operand(ins, 0)) })),
  oracle: ([x = none], { ins, outs }) => [
    kernel(sizeOf(operand(outs, 0)), x, widthOf(operand(ins, 0)), widthOf(operand(outs, 0))),
  ],
})

/** x [B, D] -> [B, width] with zeros appended to every row; width >= D. */
export const padColumns: Op<Width> = defineOp(
  resize(
    'padColumns',
    'of at least',
    (from, to) => to >= from,
    () => sliceColumns,
  ),
)

/** x [B, D] -> [B, width], the first columns of every row; 0 < width <= D. */
export const sliceColumns: Op<Width> = defineOp(
  resize(
    'sliceColumns',
    'of at most',
    (from, to) => 0 < to && to <= from,
    () => padColumns,
  ),
)

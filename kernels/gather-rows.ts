// Batches of rows taken on the device: labels of images, cached features.
import * as E from 'fp-ts/Either'
import { type Aval, sameAval, sizeOf } from '../src/core/aval.ts'
import { type Dispatch, input, output, type Target, word } from '../src/core/dispatch.ts'
import { defineOp, noGradient, type Op, primitive } from '../src/core/op.ts'
import divide from '../shaders/divide.wgsl' with { type: 'text' }
import source from '../shaders/gather-rows.wgsl' with { type: 'text' }
import { type Flat, hostKernel, none, toU32 } from './gpu-js.ts'
import { overVec4s } from './pointwise.ts'
import { isArray, operand } from './shapes.ts'

/** The row of a table at which a part of it begins. */
export interface TablePart {
  readonly first: number
}

const kernel = hostKernel(function (x: Flat, index: Flat, width: number, records: number) {
  const column = this.thread.x % width
  const row = Math.min(index[(this.thread.x - column) / width] ?? 0, records - 1)
  return x[row * width + column] ?? 0
})

const recordsOf = (x: Aval): number => x.shape[0] ?? 1

const gathered = (label: string, x: Aval, y: Aval, first: number, target: Target): Dispatch =>
  overVec4s(y, target, {
    label,
    shader: source + divide,
    params: [sizeOf(y), sizeOf(x) / recordsOf(x), recordsOf(x), first].map(word),
    bindings: [input(0), input(1), output()],
  })

/**
 * (x [N, ..] of any dtype, index u32 [B]) -> [B, ..], the indexed rows. An index >= N takes
 * the last row. No gradient. The host's u32 are exact below 2^24.
 */
export const gatherRows: Op<null> = defineOp({
  name: 'gatherRows',
  split: () => [
    {
      ins: ['table', 'rows'],
      outs: ['rows'],
      further: first => primitive(gatherFurtherRows, { first }),
    },
  ],
  infer: ([x, index, ...more]) =>
    x !== undefined && x.shape.length > 0 && isArray(index, 'u32', 1) && more.length === 0
      ? E.right([{ dtype: x.dtype, shape: [index.shape[0] ?? 1, ...x.shape.slice(1)] }])
      : E.left('needs x [N, ..] and index u32[B]'),
  lower: ({ ins, outs }, target) => [
    gathered('gatherRows', operand(ins, 0), operand(outs, 0), 0, target),
  ],
  vjp: noGradient,
  oracle: ([x = none, index = none], { ins, outs }) => {
    const records = recordsOf(operand(ins, 0))
    const rows = kernel(sizeOf(operand(outs, 0)), x, index, x.length / records, records)
    return [operand(outs, 0).dtype === 'f32' ? rows : toU32(rows)]
  },
})

const furtherKernel = hostKernel(function (
  x: Flat,
  index: Flat,
  y: Flat,
  width: number,
  records: number,
  first: number,
) {
  const column = this.thread.x % width
  const wanted = index[(this.thread.x - column) / width] ?? 0
  const row = Math.max(Math.min(wanted - first, records - 1), 0)
  return wanted < first ? (y[this.thread.x] ?? 0) : (x[row * width + column] ?? 0)
})

/** (part [n, ..] of a table, index u32 [B], y [B, ..]) -> y with the rows of index >= `first` overwritten from the part. */
export const gatherFurtherRows: Op<TablePart> = defineOp({
  name: 'gatherFurtherRows',
  overwrites: [{ index: 2, port: 0 }],
  infer: ([x, index, y, ...more], { first }) =>
    x !== undefined &&
    x.shape.length > 0 &&
    isArray(index, 'u32', 1) &&
    y !== undefined &&
    sameAval(y, { dtype: x.dtype, shape: [index.shape[0] ?? 1, ...x.shape.slice(1)] }) &&
    Number.isInteger(first) &&
    more.length === 0
      ? E.right([y])
      : E.left('needs x [n, ..], index u32[B] and y [B, ..]'),
  lower: ({ attrs, ins, outs }, target) => [
    gathered('gatherFurtherRows', operand(ins, 0), operand(outs, 0), attrs.first, target),
  ],
  vjp: noGradient,
  oracle: ([x = none, index = none, y = none], { attrs, ins, outs }) => {
    const records = recordsOf(operand(ins, 0))
    const rows = furtherKernel(y.length, x, index, y, x.length / records, records, attrs.first)
    return [operand(outs, 0).dtype === 'f32' ? rows : toU32(rows)]
  },
})

/** `gatherRows` of a vector: labels u32 [N] give u32 [B]. */
export const gatherValues: Op<null> = gatherRows

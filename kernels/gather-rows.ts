// Batches of rows taken on the device: labels of images, cached features.
import * as E from 'fp-ts/Either'
import { type Aval, sizeOf } from '../src/core/aval.ts'
import { input, output, word } from '../src/core/dispatch.ts'
import { defineOp, noGradient, type Op } from '../src/core/op.ts'
import source from '../shaders/gather-rows.wgsl' with { type: 'text' }
import { type Flat, hostKernel, none, toU32 } from './gpu-js.ts'
import { overVec4s } from './pointwise.ts'
import { isArray, operand } from './shapes.ts'

const kernel = hostKernel(function (x: Flat, index: Flat, width: number, records: number) {
  const column = this.thread.x % width
  const row = Math.min(index[(this.thread.x - column) / width] ?? 0, records - 1)
  return x[row * width + column] ?? 0
})

const recordsOf = (x: Aval): number => x.shape[0] ?? 1

/**
 * (x [N, ..] of any dtype, index u32 [B]) -> [B, ..], the indexed rows. An index >= N takes
 * the last row. No gradient. The host's u32 are exact below 2^24.
 */
export const gatherRows: Op<null> = defineOp({
  name: 'gatherRows',
  infer: ([x, index, ...more]) =>
    x !== undefined && x.shape.length > 0 && isArray(index, 'u32', 1) && more.length === 0
      ? E.right([{ dtype: x.dtype, shape: [index.shape[0] ?? 1, ...x.shape.slice(1)] }])
      : E.left('needs x [N, ..] and index u32[B]'),
  lower: ({ ins, outs }, target) => {
    const x = operand(ins, 0)
    const y = operand(outs, 0)
    return [
      overVec4s(y, target, {
        label: 'gatherRows',
        shader: source,
        params: [sizeOf(y), sizeOf(x) / recordsOf(x), recordsOf(x)].map(word),
        bindings: [input(0), input(1), output()],
      }),
    ]
  },
  vjp: noGradient,
  oracle: ([x = none, index = none], { ins, outs }) => {
    const records = recordsOf(operand(ins, 0))
    const rows = kernel(sizeOf(operand(outs, 0)), x, index, x.length / records, records)
    return [operand(outs, 0).dtype === 'f32' ? rows : toU32(rows)]
  },
})

/** `gatherRows` of a vector: labels u32 [N] give u32 [B]. */
export const gatherValues: Op<null> = gatherRows

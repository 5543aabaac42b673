// A bias added to every row, and the sum over rows that is its gradient.
import * as E from 'fp-ts/Either'
import { f32 } from '../src/core/aval.ts'
import { type Dispatch, input, output, type Ref, scratch } from '../src/core/dispatch.ts'
import { apply, defineOp, type Op } from '../src/core/op.ts'
import source from '../shaders/add-bias.wgsl' with { type: 'text' }
import sumSource from '../shaders/sum-rows.wgsl' with { type: 'text' }
import { type Chunking, chunked, overChunks } from './columns.ts'
import { cutAbove } from './cuts.ts'
import { fill } from './fill.ts'
import { type Flat, hostKernel, none } from './gpu-js.ts'
import { isVector, operand, pull, widthOf } from './shapes.ts'

const kernel = hostKernel(function (x: Flat, b: Flat, width: number) {
  return (x[this.thread.x] ?? 0) + (b[this.thread.x % width] ?? 0)
})

const sumKernel = hostKernel(function (x: Flat, rows: number, width: number) {
  let sum = 0
  for (let r = 0; r < rows; r++) {
    sum += x[r * width + this.thread.x] ?? 0
  }
  return sum
})

/** (x [.., D], b [D]) -> x + b on every row. */
export const addBias: Op<null> = defineOp({
  name: 'addBias',
  split: cutAbove(['rows', 'whole'], ['rows']),
  infer: ([x, b, ...more]) =>
    x?.dtype === 'f32' && isVector(b, 'f32', widthOf(x)) && more.length === 0
      ? E.right([x])
      : E.left('needs x f32[.., D] and b f32[D]'),
  lower: ({ ins }, target) => [
    overChunks(
      chunked('map', operand(ins, 0), target),
      { label: 'addBias', shader: source, bindings: [input(0), input(1), output()] },
      target,
    ),
  ],
  vjp: (_, cotangents) => pull(cotangents, ct => ct, apply(sumRows, null)),
  oracle: ([x = none, b = none]) => [kernel(x.length, x, b, b.length)],
})

/** x [.., D] -> [D], the sum over all rows; always added in the same order. */
export const sumRows: Op<null> = defineOp({
  name: 'sumRows',
  split: cutAbove(['rows'], ['sum']),
  infer: ([x, ...more]) =>
    x?.dtype === 'f32' && more.length === 0
      ? E.right([f32(widthOf(x))])
      : E.left('needs one array f32[.., D]'),
  lower: ({ ins }, target) => {
    const x = operand(ins, 0)
    const chunking = chunked('sum', x, target)
    const { chunks } = chunking
    const pass = (from: Ref, to: Ref, rows: Chunking): Dispatch =>
      overChunks(rows, { label: 'sumRows', shader: sumSource, bindings: [from, to] }, target)
    if (chunks === 1) return [pass(input(0), output(), chunking)]
    const partial = scratch(0, 4 * chunks * widthOf(x))
    const last = { ...chunking, rows: chunks, chunk: chunks, chunks: 1 }
    return [pass(input(0), partial, chunking), pass(partial, output(), last)]
  },
  vjp: ({ ins }, cotangents) =>
    pull(cotangents, ct =>
      apply(addBias, null)(apply(fill, { shape: operand(ins, 0).shape, value: 0 })(), ct),
    ),
  oracle: ([x = none], { ins }) => {
    const width = widthOf(operand(ins, 0))
    return [sumKernel(width, x, x.length / width, width)]
  },
})

// A bias added to every row, and the sum over rows that is its gradient.
import * as E from 'fp-ts/Either'
import { f32 } from '../src/core/aval.ts'
import {
  type Dispatch,
  groupsFor,
  input,
  output,
  type Ref,
  scratch,
  type Target,
  word,
} from '../src/core/dispatch.ts'
import { apply, defineOp, type Op } from '../src/core/op.ts'
import divide from '../shaders/divide.wgsl' with { type: 'text' }
import source from '../shaders/add-bias.wgsl' with { type: 'text' }
import sumSource from '../shaders/sum-rows.wgsl' with { type: 'text' }
import { cutAbove } from './cuts.ts'
import { fill } from './fill.ts'
import { type Flat, hostKernel, none } from './gpu-js.ts'
import { overVec4s } from './pointwise.ts'
import { isVector, operand, pull, rowsOf, widthOf } from './shapes.ts'

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
    overVec4s(operand(ins, 0), target, {
      label: 'addBias',
      shader: source + divide,
      params: [word(widthOf(operand(ins, 0)))],
      bindings: [input(0), input(1), output()],
    }),
  ],
  vjp: (_, cotangents) => pull(cotangents, ct => ct, apply(sumRows, null)),
  oracle: ([x = none, b = none]) => [kernel(x.length, x, b, b.length)],
})

const rowsOfChunk = 32
const mostChunks = 256

interface Pass {
  readonly from: Ref
  readonly to: Ref
  readonly rows: number
  readonly width: number
  readonly chunk: number
}

const sumPass = ({ from, to, rows, width, chunk }: Pass, target: Target): Dispatch => {
  const chunks = Math.ceil(rows / chunk)
  return {
    label: 'sumRows',
    shader: sumSource,
    constants: {},
    uniform: [word(rows), word(width), word(chunk), word(chunks)],
    bindings: [from, to],
    workgroups: groupsFor(Math.ceil((chunks * Math.ceil(width / 4)) / 64), target),
  }
}

/** x [.., D] -> [D], the sum over all rows; always added in the same order. */
export const sumRows: Op<null> = defineOp({
  name: 'sumRows',
  split: cutAbove(['rows'], ['sum']),
  infer: ([x, ...more]) =>
    x?.dtype === 'f32' && more.length === 0
      ? E.right([f32(widthOf(x))])
      : E.left('needs one array f32[.., D]'),
  lower: ({ ins }, target) => {
    const rows = rowsOf(operand(ins, 0))
    const width = widthOf(operand(ins, 0))
    const chunk = Math.max(rowsOfChunk, Math.ceil(rows / mostChunks))
    const chunks = Math.ceil(rows / chunk)
    if (chunks === 1) {
      return [sumPass({ from: input(0), to: output(), rows, width, chunk }, target)]
    }
    const partial = scratch(0, 4 * chunks * width)
    return [
      sumPass({ from: input(0), to: partial, rows, width, chunk }, target),
      sumPass({ from: partial, to: output(), rows: chunks, width, chunk: chunks }, target),
    ]
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

// Softmax over the last axis, and its gradient through the result.
import { input, output } from '../src/core/dispatch.ts'
import { apply, at, defineOp, noGradient, type Op } from '../src/core/op.ts'
import source from '../shaders/softmax.wgsl' with { type: 'text' }
import gradSource from '../shaders/softmax-grad.wgsl' with { type: 'text' }
import { cutAbove } from './cuts.ts'
import { type Flat, hostKernel, none } from './gpu-js.ts'
import { overRows } from './rows.ts'
import { allAlike, operand, pull, rowsOf, widthOf } from './shapes.ts'

const tops = hostKernel(function (x: Flat, width: number) {
  let top = x[this.thread.x * width] ?? 0
  for (let c = 1; c < width; c++) {
    top = Math.max(top, x[this.thread.x * width + c] ?? 0)
  }
  return top
})

const sums = hostKernel(function (x: Flat, top: Flat, width: number) {
  let sum = 0
  for (let c = 0; c < width; c++) {
    sum += Math.exp((x[this.thread.x * width + c] ?? 0) - (top[this.thread.x] ?? 0))
  }
  return sum
})

const kernel = hostKernel(function (x: Flat, top: Flat, sum: Flat, width: number) {
  const row = Math.floor(this.thread.x / width)
  return Math.exp((x[this.thread.x] ?? 0) - (top[row] ?? 0)) / (sum[row] ?? 1)
})

const products = hostKernel(function (y: Flat, dy: Flat, width: number) {
  let sum = 0
  for (let c = 0; c < width; c++) {
    sum += (y[this.thread.x * width + c] ?? 0) * (dy[this.thread.x * width + c] ?? 0)
  }
  return sum
})

const gradKernel = hostKernel(function (y: Flat, dy: Flat, sum: Flat, width: number) {
  const row = Math.floor(this.thread.x / width)
  return (y[this.thread.x] ?? 0) * ((dy[this.thread.x] ?? 0) - (sum[row] ?? 0))
})

/** x [.., C] -> exp(x) / sum exp(x) along the last axis. */
export const softmax: Op<null> = defineOp({
  name: 'softmax',
  split: cutAbove(['rows'], ['rows']),
  infer: allAlike(1),
  lower: ({ ins }, target) => [
    overRows(
      operand(ins, 0),
      { label: 'softmax', shader: source, bindings: [input(0), output()] },
      target,
    ),
  ],
  vjp: ({ results }, cotangents) =>
    pull(cotangents, ct => apply(softmaxGrad, null)(at(results, 0), ct)),
  oracle: ([x = none], { ins }) => {
    const [rows, width] = [rowsOf(operand(ins, 0)), widthOf(operand(ins, 0))]
    const top = tops(rows, x, width)
    return [kernel(x.length, x, top, sums(rows, x, top, width), width)]
  },
})

/** (y, dy [.., C]) -> y (dy - sum y dy); y is the result of `softmax`. */
export const softmaxGrad: Op<null> = defineOp({
  name: 'softmaxGrad',
  split: cutAbove(['rows', 'rows'], ['rows']),
  infer: allAlike(2),
  lower: ({ ins }, target) => [
    overRows(
      operand(ins, 0),
      { label: 'softmaxGrad', shader: gradSource, bindings: [input(0), input(1), output()] },
      target,
    ),
  ],
  vjp: noGradient,
  oracle: ([y = none, dy = none], { ins }) => {
    const [rows, width] = [rowsOf(operand(ins, 0)), widthOf(operand(ins, 0))]
    return [gradKernel(y.length, y, dy, products(rows, y, dy, width), width)]
  },
})

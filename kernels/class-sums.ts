// Class sums and counts over batches of features: the device's half of the class statistics.
import * as E from 'fp-ts/Either'
import { groupsFor, input, output, word } from '../src/core/dispatch.ts'
import { defineOp, noGradient, type Op } from '../src/core/op.ts'
import source from '../shaders/class-sums.wgsl' with { type: 'text' }
import { cut } from './cuts.ts'
import { type Flat, hostKernel, none } from './gpu-js.ts'
import { isArray, isVector, operand, rowsOf, widthOf } from './shapes.ts'

const kernel = hostKernel(function (
  sums: Flat,
  x: Flat,
  labels: Flat,
  weight: Flat,
  rows: number,
  width: number,
) {
  const column = this.thread.x % width
  const label = (this.thread.x - column) / width
  let sum = sums[this.thread.x] ?? 0
  for (let i = 0; i < rows; i++) {
    const share = label === labels[i] ? (weight[i] ?? 0) : 0
    if (share !== 0) sum += share * (x[i * width + column] ?? 0)
  }
  return sum
})

/**
 * (sums [K, d], counts [K], x [B, d], labels u32 [B], weight [B]) -> [sums, counts] overwritten, with added each class's
 * weighted rows and weights. Rows of weight 0 and labels >= K are left out. No gradient.
 */
export const classSums: Op<null> = defineOp({
  name: 'classSums',
  split: cut(['whole', 'whole', 'rows', 'rows', 'rows'], ['fold', 'fold']),
  ports: 2,
  overwrites: [
    { index: 0, port: 0 },
    { index: 1, port: 1 },
  ],
  infer: ([sums, counts, x, labels, weight, ...more]) =>
    isArray(sums, 'f32', 2) &&
    counts !== undefined &&
    isVector(counts, 'f32', rowsOf(sums)) &&
    isArray(x, 'f32', 2) &&
    widthOf(x) === widthOf(sums) &&
    isVector(labels, 'u32', rowsOf(x)) &&
    isVector(weight, 'f32', rowsOf(x)) &&
    more.length === 0
      ? E.right([sums, counts])
      : E.left('needs sums f32[K, d], counts f32[K], x f32[B, d], labels u32[B] and weight f32[B]'),
  lower: ({ ins }, target) => {
    const [sums, x] = [operand(ins, 0), operand(ins, 2)]
    return [
      {
        label: 'classSums',
        shader: source,
        constants: {},
        uniform: [word(rowsOf(x)), word(widthOf(x)), word(rowsOf(sums))],
        bindings: [output(0), output(1), input(2), input(3), input(4)],
        workgroups: groupsFor(Math.ceil((widthOf(x) + 1) / 64), target),
      },
    ]
  },
  vjp: noGradient,
  oracle: ([sums = none, counts = none, x = none, labels = none, weight = none]) => {
    const rows = labels.length
    const width = sums.length / counts.length
    return [
      kernel(sums.length, sums, x, labels, weight, rows, width),
      kernel(counts.length, counts, new Float32Array(rows).fill(1), labels, weight, rows, 1),
    ]
  },
})

// Loss and hits counted on the device over many batches.
import * as E from 'fp-ts/Either'
import { input, output, scratch, word } from '../src/core/dispatch.ts'
import { defineOp, noGradient, type Op } from '../src/core/op.ts'
import source from '../shaders/meter.wgsl' with { type: 'text' }
import { argmaxInto, argmaxRows } from './argmax.ts'
import { cut } from './cuts.ts'
import { type Flat, hostKernel, none } from './gpu-js.ts'
import { isArray, isVector, operand, rowsOf, widthOf } from './shapes.ts'

const kernel = hostKernel(function (
  old: Flat,
  loss: Flat,
  guesses: Flat,
  labels: Flat,
  weight: Flat,
  rows: number,
) {
  let total = 0
  let hits = 0
  for (let i = 0; i < rows; i++) {
    total += weight[i] ?? 0
    hits += guesses[i] === labels[i] ? (weight[i] ?? 0) : 0
  }
  const lost = total > 0 ? (loss[0] ?? 0) * total : 0
  const more = this.thread.x === 0 ? lost : this.thread.x === 1 ? hits : total
  return (old[this.thread.x] ?? 0) + more
})

/**
 * (meter [3], loss [1], logits [B, K], labels u32 [B], weight [B]) -> meter overwritten, with added [loss W, weight of the
 * rows whose largest logit is the label's (ties: lowest class), W], W the sum of the weights. No gradient.
 */
export const meter: Op<null> = defineOp({
  name: 'meter',
  split: cut(['whole', 'whole', 'rows', 'rows', 'rows'], ['fold']),
  overwrites: [{ index: 0, port: 0 }],
  infer: ([old, loss, logits, labels, weight, ...more]) =>
    old !== undefined &&
    isVector(old, 'f32', 3) &&
    isVector(loss, 'f32', 1) &&
    isArray(logits, 'f32', 2) &&
    isVector(labels, 'u32', rowsOf(logits)) &&
    isVector(weight, 'f32', rowsOf(logits)) &&
    more.length === 0
      ? E.right([old])
      : E.left(
          'needs meter f32[3], loss f32[1], logits f32[B, K], labels u32[B] and weight f32[B]',
        ),
  lower: ({ ins }, target) => {
    const logits = operand(ins, 2)
    const rows = rowsOf(logits)
    const guesses = scratch(0, 4 * rows)
    return [
      argmaxInto(input(2), guesses, rows, widthOf(logits), target),
      {
        label: 'meter',
        shader: source,
        constants: {},
        uniform: [word(rows)],
        bindings: [output(), input(1), guesses, input(3), input(4)],
        workgroups: [1, 1, 1],
      },
    ]
  },
  vjp: noGradient,
  oracle: ([old = none, loss = none, logits = none, labels = none, weight = none]) => [
    kernel(3, old, loss, argmaxRows(logits, labels.length), labels, weight, labels.length),
  ],
})

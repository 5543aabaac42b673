// What the losses over labelled rows share: shape rule, the three passes, the gradient that was computed on the way.
import * as E from 'fp-ts/Either'
import * as O from 'fp-ts/Option'
import { type Aval, f32 } from '../src/core/aval.ts'
import { input, output, scratch, type Word, word } from '../src/core/dispatch.ts'
import { apply, at, type Op } from '../src/core/op.ts'
import { type Flat, hostKernel, none } from './gpu-js.ts'
import { lanesFor, rowGroups, sumInto } from './reduce.ts'
import { scaleBy } from './scale-by.ts'
import { isArray, isVector, operand, pull, rowsOf, widthOf } from './shapes.ts'

/** What tells one loss from another; its shader and oracles see rows of logits, labels, weights and the weights' sum. */
export interface RowLoss<A> {
  readonly name: string
  readonly shader: string
  readonly params: (attrs: A) => ReadonlyArray<Word>
  /** [rowLoss [B], dlogits [B, K]], already divided by the sum of the weights. */
  readonly oracle: (rows: Rows, attrs: A) => readonly [Float32Array, Float32Array]
}

/** The operands of a loss on the host; `total` is the sum of the weights. */
export interface Rows {
  readonly logits: Flat
  readonly labels: Flat
  readonly weight: Flat
  readonly total: number
  readonly batch: number
  readonly classes: number
}

const sum = hostKernel(function (x: Flat, size: number) {
  let total = 0
  for (let i = this.thread.x; i < size; i += this.output.x) {
    total += x[i] ?? 0
  }
  return total
})

const rule = (ins: ReadonlyArray<Aval>): E.Either<string, ReadonlyArray<Aval>> => {
  const [logits, labels, weight, ...more] = ins
  return isArray(logits, 'f32', 2) &&
    isVector(labels, 'u32', rowsOf(logits)) &&
    isVector(weight, 'f32', rowsOf(logits)) &&
    more.length === 0
    ? E.right([f32(1), logits])
    : E.left('needs logits f32[B, K], labels u32[B] and weight f32[B]')
}

/**
 * A loss (logits [B, K], labels u32 [B], weight [B]) -> [loss [1], dlogits [B, K]], the mean over rows by weight. Its
 * gradient is the second result scaled by the first's cotangent; labels, weights and the second result have none.
 */
export const rowLoss = <A>({ name, shader, params, oracle }: RowLoss<A>): Op<A> => ({
  name,
  ports: 2,
  infer: rule,
  lower: ({ attrs, ins }, target) => {
    const rows = rowsOf(operand(ins, 0))
    const classes = widthOf(operand(ins, 0))
    const lanes = lanesFor(classes)
    const [total, losses] = [scratch(0, 4), scratch(1, 4 * rows)]
    return [
      ...sumInto(input(2), total, rows, 2, target),
      {
        label: name,
        shader,
        constants: {},
        uniform: [word(rows), word(classes), word(lanes), ...params(attrs)],
        bindings: [input(0), input(1), input(2), total, losses, output(1)],
        workgroups: rowGroups(rows, lanes, target),
      },
      ...sumInto(losses, output(0), rows, 3, target),
    ]
  },
  vjp: ({ results }, cotangents) => [
    ...pull(cotangents, ct => apply(scaleBy, null)(at(results, 1), ct)),
    O.none,
    O.none,
  ],
  oracle: ([logits = none, labels = none, weight = none], { attrs, ins }) => {
    const batch = rowsOf(operand(ins, 0))
    const classes = widthOf(operand(ins, 0))
    const total = sum(1, weight, batch)[0] ?? 0
    const [losses, dlogits] = oracle({ logits, labels, weight, total, batch, classes }, attrs)
    return [sum(1, losses, batch), dlogits]
  },
})

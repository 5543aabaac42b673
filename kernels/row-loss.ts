// What the losses over labelled rows share: shape rule, the three passes, the gradient that was computed on the way.
import * as E from 'fp-ts/Either'
import * as O from 'fp-ts/Option'
import { type Aval, f32 } from '../src/core/aval.ts'
import {
  type Dispatch,
  input,
  output,
  type Ref,
  scratch,
  type Target,
  type Word,
  word,
} from '../src/core/dispatch.ts'
import { apply, applyAll, at, noGradient, type Op, type Site } from '../src/core/op.ts'
import { cut } from './cuts.ts'
import { fill } from './fill.ts'
import { type Flat, hostKernel, none } from './gpu-js.ts'
import { lanesFor, rowGroups, sumInto } from './reduce.ts'
import { dot, scaleBy } from './scale-by.ts'
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

const isBatch = (ins: ReadonlyArray<Aval>): boolean => {
  const [logits, labels, weight] = ins
  return (
    isArray(logits, 'f32', 2) &&
    isVector(labels, 'u32', rowsOf(logits)) &&
    isVector(weight, 'f32', rowsOf(logits))
  )
}

const ruleOf =
  (operands: number, wants: string) =>
  (ins: ReadonlyArray<Aval>): E.Either<string, ReadonlyArray<Aval>> =>
    isBatch(ins) && ins.slice(3).every(aval => isVector(aval, 'f32', 1)) && ins.length === operands
      ? E.right([f32(1), operand(ins, 0)])
      : E.left(`needs logits f32[B, K], labels u32[B] and weight f32[B]${wants}`)

/** The passes of a loss whose weights sum to what lies in `total`. */
const lossPasses = <A>(
  { name, shader, params }: RowLoss<A>,
  { attrs, ins }: Site<A>,
  total: Ref,
  target: Target,
): ReadonlyArray<Dispatch> => {
  const rows = rowsOf(operand(ins, 0))
  const classes = widthOf(operand(ins, 0))
  const lanes = lanesFor(classes)
  const losses = scratch(1, 4 * rows)
  return [
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
}

const lossesOf = <A>(
  { oracle }: RowLoss<A>,
  [logits = none, labels = none, weight = none]: ReadonlyArray<Flat>,
  { attrs, ins }: Site<A>,
  total: number,
): ReadonlyArray<Float32Array> => {
  const [batch, classes] = [rowsOf(operand(ins, 0)), widthOf(operand(ins, 0))]
  const [losses, dlogits] = oracle({ logits, labels, weight, total, batch, classes }, attrs)
  return [sum(1, losses, batch), dlogits]
}

/** (logits, labels, weight, total [1]) -> what a part of a batch whose weights sum to `total` adds to the loss, and dlogits. */
export const rowLossShare = <A>(loss: RowLoss<A>): Op<A> => ({
  name: `${loss.name}Share`,
  ports: 2,
  split: cut(['rows', 'rows', 'rows', 'whole'], ['sum', 'rows']),
  infer: ruleOf(4, ', and total f32[1]'),
  lower: (site, target) => lossPasses(loss, site, input(3), target),
  vjp: noGradient,
  oracle: (data, site) => lossesOf(loss, data, site, data[3]?.[0] ?? 0),
})

/**
 * A loss (logits [B, K], labels u32 [B], weight [B]) -> [loss [1], dlogits [B, K]], the mean over rows by weight. Its
 * gradient is the second result scaled by the first's cotangent; labels, weights and the second result have none.
 */
export const rowLoss = <A>(loss: RowLoss<A>): Op<A> => ({
  name: loss.name,
  ports: 2,
  expand: ({ attrs }, args) => {
    const weight = at(args, 2)
    const ones = apply(fill, { shape: weight.aval.shape, value: 1 })()
    return applyAll(rowLossShare(loss), attrs)(...args, apply(dot, null)(weight, ones))
  },
  infer: ruleOf(3, ''),
  lower: (site, target) => {
    const total = scratch(0, 4)
    const rows = rowsOf(operand(site.ins, 0))
    return [...sumInto(input(2), total, rows, 2, target), ...lossPasses(loss, site, total, target)]
  },
  vjp: ({ results }, cotangents) => [
    ...pull(cotangents, ct => apply(scaleBy, null)(at(results, 1), ct)),
    O.none,
    O.none,
  ],
  oracle: (data, site) =>
    lossesOf(loss, data, site, sum(1, data[2] ?? none, rowsOf(operand(site.ins, 0)))[0] ?? 0),
})

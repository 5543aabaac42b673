// Rows of an array as an array of their own, and arrays one after the other: how the planner cuts and joins.
import * as E from 'fp-ts/Either'
import { type Aval, type Data, sizeOf, zerosOf } from '../src/core/aval.ts'
import { type Dispatch, input, output, type Ref, type Target, word } from '../src/core/dispatch.ts'
import { defineOp, noGradient, type Op } from '../src/core/op.ts'
import source from '../shaders/move-words.wgsl' with { type: 'text' }
import { elementsFor } from './elements.ts'
import { none } from './gpu-js.ts'
import { overElements } from './pointwise.ts'
import { operand } from './shapes.ts'

/** Rows `from` to `to`, the latter not included. */
export interface Rows {
  readonly from: number
  readonly to: number
}

interface Move {
  readonly label: string
  readonly size: number
  readonly from: number
  readonly to: number
  readonly bindings: readonly [Ref, Ref]
}

/** One dispatch that moves `size` words from one place to another. */
const moved = ({ label, size, from, to, bindings }: Move, target: Target): Dispatch => {
  const elements = elementsFor(size, from, to)
  return overElements(size / elements.size, target, {
    label,
    shader: elements.shader(source),
    params: [from, to].map(n => word(n / elements.size)),
    bindings,
  })
}

const countOf = ({ shape: [rows = 1] }: Aval): number => rows

const rowSize = (x: Aval): number => sizeOf(x) / countOf(x)

const withRows = (x: Aval, rows: number): Aval => ({ ...x, shape: [rows, ...x.shape.slice(1)] })

/** x [N, ..] of any dtype -> its rows `from` to `to`, [to - from, ..]; bit for bit, no gradient. */
export const sliceRows: Op<Rows> = defineOp({
  name: 'sliceRows',
  infer: ([x, ...more], { from, to }) =>
    x !== undefined &&
    x.shape.length > 0 &&
    [from, to].every(Number.isInteger) &&
    from >= 0 &&
    from < to &&
    to <= countOf(x) &&
    more.length === 0
      ? E.right([withRows(x, to - from)])
      : E.left(`needs x [N, ..] with rows ${from} to ${to}`),
  lower: ({ attrs, ins, outs }, target) => [
    moved(
      {
        label: 'sliceRows',
        size: sizeOf(operand(outs, 0)),
        from: attrs.from * rowSize(operand(ins, 0)),
        to: 0,
        bindings: [input(0), output()],
      },
      target,
    ),
  ],
  vjp: noGradient,
  oracle: ([x = none], { attrs: { from, to }, ins }) => {
    const size = rowSize(operand(ins, 0))
    return [x.slice(from * size, to * size)]
  },
})

const areJoinable = ([first, ...others]: ReadonlyArray<Aval>): boolean =>
  first !== undefined &&
  first.shape.length > 0 &&
  others.every(
    x =>
      x.dtype === first.dtype &&
      x.shape.length === first.shape.length &&
      x.shape.every((side, i) => i === 0 || side === first.shape[i]),
  )

const startsOf = (ins: ReadonlyArray<Aval>): ReadonlyArray<number> =>
  ins.map((_, i) => ins.slice(0, i).reduce((sum, x) => sum + sizeOf(x), 0))

/** (x1 [N1, ..], .., xk [Nk, ..]) of one dtype -> [N1 + .. + Nk, ..]; bit for bit, no gradient. */
export const joinRows: Op<null> = defineOp({
  name: 'joinRows',
  infer: ins =>
    areJoinable(ins)
      ? E.right([
          withRows(
            operand(ins, 0),
            ins.reduce((sum, x) => sum + countOf(x), 0),
          ),
        ])
      : E.left('needs arrays that are alike but for the first axis'),
  lower: ({ ins }, target) => {
    const starts = startsOf(ins)
    return ins.map((x, i) =>
      moved(
        {
          label: 'joinRows',
          size: sizeOf(x),
          from: 0,
          to: starts[i] ?? 0,
          bindings: [input(i), output()],
        },
        target,
      ),
    )
  },
  vjp: noGradient,
  oracle: (data, { ins, outs }) => {
    const starts = startsOf(ins)
    const y: Data = zerosOf(operand(outs, 0))
    data.forEach((x, i) => {
      y.set(x, starts[i] ?? 0)
    })
    return [y]
  },
})

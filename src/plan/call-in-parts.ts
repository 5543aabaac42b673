// Calls in parts: one call of a program becomes calls over portions, and their results pieces, sums or folds.
import * as E from 'fp-ts/Either'
import { applyPrimitive, at, type Binder, type Moves, type Portion } from '../core/op.ts'
import type { Instruction } from '../core/trace.ts'
import { bottom, type Value } from '../core/value.ts'
import type { Cut } from './groups.ts'
import { leading, type Range, trailing } from './parts.ts'
import type { Piece, Pieces } from './pieces.ts'

/** A portion of `n` rows or columns. */
const rangeOf = (n: number, { from, to, of }: Portion): Range => ({
  from: (n / of) * from,
  to: (n / of) * to,
})

const bound = (binder: Binder, args: ReadonlyArray<Value>): ReadonlyArray<Value> => {
  const primitive = binder(args.map(a => a.aval))
  return E.isRight(primitive)
    ? applyPrimitive(primitive.right, args)
    : [bottom([{ op: 'split', message: primitive.left }])]
}

const noFurther: Binder = () => E.left('the op does not say how it reads a table in parts')

/** The results over one portion: over the table's first piece, and then over each further one. */
const portionResults = (
  { parts }: Cut,
  portion: Portion,
  args: ReadonlyArray<Value>,
  table: ReadonlyArray<Piece>,
): ReadonlyArray<Value> => {
  const withPiece = (value: Value) => args.map((a, i) => (parts.ins[i] === 'table' ? value : a))
  const [first, ...others] = table
  const start = bound(parts.part(portion), first === undefined ? args : withPiece(first.value))
  const { further = () => noFurther } = parts
  return others.reduce(
    (results, { from, value }) => bound(further(from), withPiece(value).concat(results)),
    start,
  )
}

/** The results of all portions; operands that are folded over come from the portion before. */
const resultsOf = (
  pieces: Pieces,
  { primitive, ins }: Instruction,
  cut: Cut,
): ReadonlyArray<ReadonlyArray<Value>> => {
  const { parts, portions } = cut
  const foldOf = (index: number): number =>
    primitive.overwrites.find(o => o.index === index && parts.outs[o.port] === 'fold')?.port ?? -1
  const table = ins.flatMap((id, i) => (parts.ins[i] === 'table' ? pieces.get(id) : []))
  let before: ReadonlyArray<Value> = []
  return portions.map(portion => {
    const args = ins.map((id, i) => {
      const [role, aval] = [parts.ins[i], pieces.aval(id)]
      if (role === 'rows') return pieces.range(id, rangeOf(leading(aval), portion))
      if (role === 'columns') return pieces.columns(id, rangeOf(trailing(aval), portion))
      return (
        before[foldOf(i)] ??
        (role === 'table'
          ? at(
              table.map(t => t.value),
              0,
            )
          : pieces.whole(id))
      )
    })
    before = portionResults(cut, portion, args, table)
    return before
  })
}

/** The sums of two parts put together: by the op's own `join`, or added one by one. */
const joined =
  (moves: Moves, { parts }: Cut) =>
  (a: ReadonlyArray<Value>, b: ReadonlyArray<Value>): ReadonlyArray<Value> =>
    parts.join === undefined
      ? a.map((x, i) => at(applyPrimitive(moves.add(x.aval), [x, at(b, i)]), 0))
      : bound(parts.join, [...a, ...b])

/** Columns of all parts side by side. */
const beside = (moves: Moves, values: ReadonlyArray<Value>): Value =>
  values.length === 1
    ? at(values, 0)
    : at(applyPrimitive(moves.beside(values.map(v => v.aval)), values), 0)

const wholeCall = (pieces: Pieces, { primitive, ins, outs }: Instruction): void => {
  const results = applyPrimitive(
    primitive,
    ins.map(id => pieces.whole(id)),
  )
  outs.forEach((id, port) => {
    pieces.setWhole(id, at(results, port))
  })
}

/** Applies a call, whole or by its cut, to the pieces of its operands, and sets those of its results. */
export const callInParts = (
  pieces: Pieces,
  instruction: Instruction,
  cut: Cut | undefined,
): void => {
  if (cut === undefined) {
    wholeCall(pieces, instruction)
    return
  }
  const { parts, portions } = cut
  const results = resultsOf(pieces, instruction, cut)
  const isSum = (_: Value, port: number): boolean => parts.outs[port] === 'sum'
  const sums = results
    .map((one): ReadonlyArray<Value> => one.filter(isSum))
    .reduce(joined(pieces.moves, cut))
  const whole = (port: number): Value =>
    parts.outs[port] === 'columns'
      ? beside(
          pieces.moves,
          results.map(one => at(one, port)),
        )
      : parts.outs[port] === 'sum'
        ? at(sums, parts.outs.slice(0, port).filter(role => role === 'sum').length)
        : at(results.at(-1) ?? [], port)
  instruction.outs.forEach((id, port) => {
    const ranged = portions.map((portion, p) => ({
      ...rangeOf(leading(pieces.aval(id)), portion),
      value: at(results[p] ?? [], port),
    }))
    if (parts.outs[port] === 'rows') pieces.set(id, ranged)
    else pieces.setWhole(id, whole(port))
  })
}

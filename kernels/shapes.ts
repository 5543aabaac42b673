// What shape rules and lowerings share: rows and widths, rules of equal shapes, cotangents handed down.
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as O from 'fp-ts/Option'
import { type Aval, f32, sameAval, sizeOf } from '../src/core/aval.ts'
import type { Value } from '../src/core/value.ts'

/** Length of the last dimension; 1 for a scalar. */
export const widthOf = (aval: Aval): number => aval.shape.at(-1) ?? 1

/** Number of rows: the product of all dimensions but the last. */
export const rowsOf = (aval: Aval): number => sizeOf(aval) / widthOf(aval)

/** Operand `i` of a site whose shape rule has passed. */
export const operand = (avals: ReadonlyArray<Aval>, i: number): Aval => avals[i] ?? f32()

/** Is of this dtype and of this number of dimensions. */
export const isArray = (aval: Aval | undefined, dtype: Aval['dtype'], rank: number): aval is Aval =>
  aval !== undefined && aval.dtype === dtype && aval.shape.length === rank

/** Is a vector of this dtype and length. */
export const isVector = (aval: Aval | undefined, dtype: Aval['dtype'], length: number): boolean =>
  isArray(aval, dtype, 1) && widthOf(aval) === length

/** Shape rule: `arity` f32 operands of one shape give one result of that shape. */
export const allAlike =
  (arity: number) =>
  (ins: ReadonlyArray<Aval>): E.Either<string, ReadonlyArray<Aval>> => {
    const first = operand(ins, 0)
    return ins.length === arity && first.dtype === 'f32' && ins.every(a => sameAval(a, first))
      ? E.right([first])
      : E.left(arity === 1 ? 'needs one f32 array' : `needs ${arity} f32 arrays of one shape`)
  }

/** The gradients of an op of one result: each operand's from the result's cotangent, `null` where it has none. */
export const pull = (
  cotangents: ReadonlyArray<O.Option<Value>>,
  ...gradients: ReadonlyArray<((ct: Value) => Value) | null>
): ReadonlyArray<O.Option<Value>> =>
  gradients.map(gradient =>
    gradient === null ? O.none : pipe(cotangents[0] ?? O.none, O.map(gradient)),
  )

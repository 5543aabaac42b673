// The primitives with which the planner moves data.
import * as E from 'fp-ts/Either'
import { type Aval, showAval } from '../src/core/aval.ts'
import { type Moves, type Op, type Primitive, primitive } from '../src/core/op.ts'
import { add } from './add.ts'
import { concat } from './concat.ts'
import { assign, copy } from './copy.ts'
import { joinRows, sliceRows } from './part-rows.ts'
import { sliceColumns } from './resize-columns.ts'

const bound = <A>(op: Op<A>, attrs: A, ins: ReadonlyArray<Aval>): Primitive => {
  const made = primitive(op, attrs)(ins)
  if (E.isLeft(made)) throw new Error(`${op.name} of ${ins.map(showAval).join(', ')}: ${made.left}`)
  return made.right
}

/** The planner's moves, bound to shapes: every shape fits `copy` and `assign`, and arrays with rows the others. */
export const moves: Moves = {
  copy: aval => bound(copy, null, [aval]),
  assign: aval => bound(assign, null, [aval, aval]),
  slice: (aval, from, to) => bound(sliceRows, { from, to }, [aval]),
  join: avals => bound(joinRows, null, avals),
  columns: (aval, from, to) => bound(sliceColumns, { width: to - from, start: from }, [aval]),
  beside: avals => bound(concat, null, avals),
  add: aval => bound(add, null, [aval, aval]),
}

// The primitives with which the planner moves data.
import * as E from 'fp-ts/Either'
import { type Aval, showAval } from '../src/core/aval.ts'
import { type Moves, type Op, type Primitive, primitive } from '../src/core/op.ts'
import { assign, copy } from './copy.ts'

const bound = (op: Op<null>, ins: ReadonlyArray<Aval>): Primitive => {
  const made = primitive(op, null)(ins)
  if (E.isLeft(made)) throw new Error(`${op.name} of ${ins.map(showAval).join(', ')}: ${made.left}`)
  return made.right
}

/** `copy` and `assign`, bound to a shape; every shape fits both. */
export const moves: Moves = {
  copy: aval => bound(copy, [aval]),
  assign: aval => bound(assign, [aval, aval]),
}

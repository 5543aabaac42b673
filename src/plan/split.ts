// Split: a program whose arrays a device cannot bind becomes one over parts of them, unchanged in meaning.
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as O from 'fp-ts/Option'
import type { Target } from '../core/dispatch.ts'
import { type Fault, fault } from '../core/fault.ts'
import { applyPrimitive, type Moves } from '../core/op.ts'
import { type Program, type Roots, trace } from '../core/trace.ts'
import { arg, showShapeErrors, type Value } from '../core/value.ts'
import { callInParts } from './call-in-parts.ts'
import { cutsOf, isTooLarge } from './groups.ts'
import { avalOf } from './lifetimes.ts'
import { argumentParts, isLarge, limitOf } from './parts.ts'
import { Pieces } from './pieces.ts'

const faultOf = (errors: Parameters<typeof showShapeErrors>[0]): Fault =>
  fault(showShapeErrors(errors), 'planner', "mend the op's split or expand")

const retraced = (roots: Roots): E.Either<Fault, Program> => pipe(trace(roots), E.mapLeft(faultOf))

/** Calls that are too large and say so become those that fall apart. */
const expanded = (program: Program, target: Target): E.Either<Fault, Program> => {
  const expands = program.instructions.filter(
    i => O.isSome(i.primitive.expand) && isTooLarge(i, target),
  )
  if (expands.length === 0) return E.right(program)
  const values = new Map<number, Value>(
    program.args.map(({ name, id }) => [id, arg(name, avalOf(program, id))]),
  )
  const current = (id: number): Value => values.get(id) ?? arg(`array ${id}`, avalOf(program, id))
  for (const instruction of program.instructions) {
    const { primitive, ins, outs } = instruction
    const args = ins.map(current)
    const { expand } = primitive
    const results =
      O.isSome(expand) && expands.includes(instruction)
        ? expand.value(args)
        : applyPrimitive(primitive, args)
    outs.forEach((id, port) => {
      const value = results[port]
      if (value !== undefined) values.set(id, value)
    })
  }
  const named = (list: Program['outputs']) =>
    Object.fromEntries(list.map(({ name, id }) => [name, current(id)]))
  return retraced({
    outputs: named(program.outputs),
    updates: named([...program.updates].reverse()),
  })
}

/** Outputs of several parts are traced under numbers, and get their name back: entries of one name lie in order. */
const rootsOf = (program: Program, pieces: Pieces, target: Target) => {
  const outputs = program.outputs.flatMap(({ name, id }) =>
    pieces.get(id).map(({ value }) => ({ name, value })),
  )
  const home = new Map(program.args.map(({ name, id }) => [name, avalOf(program, id)]))
  const updates = [...program.updates].reverse().flatMap(({ name, id }) => {
    const parts = argumentParts(name, home.get(name) ?? avalOf(program, id), target)
    return parts.map(part => [part.name, pieces.range(id, part)] as const)
  })
  return {
    names: outputs.map(({ name }) => name),
    roots: {
      outputs: Object.fromEntries(outputs.map(({ value }, i) => [`${i}`, value])),
      updates: Object.fromEntries(updates),
    },
  }
}

const cut = (moves: Moves, target: Target, program: Program): E.Either<Fault, Program> =>
  pipe(
    cutsOf(program, target),
    E.chain(cuts => {
      const pieces = new Pieces(moves, id => avalOf(program, id), limitOf(target))
      for (const { name, id } of program.args) {
        const parts = argumentParts(name, avalOf(program, id), target)
        pieces.set(
          id,
          parts.map(({ from, to, ...part }) => ({ from, to, value: arg(part.name, part.aval) })),
        )
      }
      for (const instruction of program.instructions) {
        callInParts(pieces, instruction, cuts.get(instruction))
      }
      const { names, roots } = rootsOf(program, pieces, target)
      return pipe(
        retraced(roots),
        E.map(made => ({
          ...made,
          outputs: made.outputs.map(({ id }, i) => ({ id, name: names[i] ?? '' })),
        })),
      )
    }),
  )

/**
 * The program over arrays that the target can bind: large ones fall into ranges of their rows, by the ops' own `split`
 * and `expand`. The same object where every array fits. An argument in parts has a name for each (`argumentParts`), an
 * output in parts has several entries of its name, in order. `Left` names an op that does not fall apart.
 */
export const split =
  (moves: Moves, target: Target) =>
  (program: Program): E.Either<Fault, Program> => {
    const limit = limitOf(target)
    return program.avals.some(aval => isLarge(aval, limit)) ||
      program.instructions.some(i => isTooLarge(i, target))
      ? pipe(
          expanded(program, target),
          E.chain(whole => cut(moves, target, whole)),
        )
      : E.right(program)
  }

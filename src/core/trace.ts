// Trace: from values to a program, a flat list of primitives over numbered arrays.
import * as E from 'fp-ts/Either'
import type { NonEmptyArray } from 'fp-ts/NonEmptyArray'
import { type Aval, sameAval, showAval } from './aval.ts'
import type { Primitive } from './op.ts'
import type { Call, ShapeError, Value } from './value.ts'

/** One primitive with the ids of its operands and results. */
export interface Instruction {
  readonly primitive: Primitive
  readonly ins: ReadonlyArray<number>
  readonly outs: ReadonlyArray<number>
}

/** A named input of the program and its id. */
export interface Parameter {
  readonly name: string
  readonly id: number
}

/**
 * What runs: instructions in an order that respects data, over arrays numbered by `avals`' index. `outputs` are read
 * back, those of one name as the parts of one array, in order; `updates` say which array an argument holds after the run
 * (the run itself sees only the old one).
 */
export interface Program {
  readonly avals: ReadonlyArray<Aval>
  readonly args: ReadonlyArray<Parameter>
  readonly instructions: ReadonlyArray<Instruction>
  readonly outputs: ReadonlyArray<Parameter>
  readonly updates: ReadonlyArray<Parameter>
}

/** What to trace: values by name. Keys of `updates` are names of arguments of the same shape. */
export interface Roots {
  readonly outputs: Readonly<Record<string, Value>>
  readonly updates?: Readonly<Record<string, Value>>
}

/** Walks the graph below its roots and numbers every array once. */
const walk = () => {
  const avals: Array<Aval> = []
  const args = new Map<string, number>()
  const calls = new Map<Call, ReadonlyArray<number>>()
  const instructions: Array<Instruction> = []
  const errors = new Set<ShapeError>()
  const fresh = (aval: Aval): number => avals.push(aval) - 1
  const argId = (name: string, aval: Aval): number => {
    const id = args.get(name) ?? fresh(aval)
    args.set(name, id)
    const known = avals[id]
    if (known !== undefined && !sameAval(known, aval)) {
      errors.add({ op: name, message: `used as ${showAval(known)} and as ${showAval(aval)}` })
    }
    return id
  }
  const callIds = (call: Call): ReadonlyArray<number> => {
    const known = calls.get(call)
    if (known !== undefined) return known
    const ins = call.args.map(visit)
    const outs = call.primitive.outs.map(fresh)
    calls.set(call, outs)
    instructions.push({ primitive: call.primitive, ins, outs })
    return outs
  }
  const visit = (value: Value): number => {
    if (value._tag === 'Arg') return argId(value.name, value.aval)
    if (value._tag === 'Apply') return callIds(value.call)[value.port] ?? -1
    value.errors.forEach(e => {
      errors.add(e)
    })
    return -1
  }
  return { avals, args, instructions, errors, visit }
}

/**
 * Flattens the graph into a program. All shape errors come back in one `Left`; an update of another shape than its
 * argument is one too. `updates` are visited last to first, so that a training step frees each gradient early.
 */
export const trace = ({
  outputs,
  updates = {},
}: Roots): E.Either<NonEmptyArray<ShapeError>, Program> => {
  const graph = walk()
  const number = ([name, value]: readonly [string, Value]): Parameter => ({
    name,
    id: graph.visit(value),
  })
  const outs = Object.entries(outputs).map(number)
  const ups = Object.entries(updates).reverse().map(number)
  for (const { name, id } of ups) {
    const old = graph.args.get(name)
    const [was, is] = [graph.avals[old ?? -1], graph.avals[id]]
    if (was !== undefined && is !== undefined && !sameAval(was, is)) {
      graph.errors.add({ op: name, message: `updated from ${showAval(was)} to ${showAval(is)}` })
    } else if (old === undefined && is !== undefined) {
      graph.args.set(name, graph.avals.push(is) - 1)
    }
  }
  const [first, ...rest] = graph.errors
  if (first !== undefined) return E.left([first, ...rest])
  const args = [...graph.args].map(([name, id]) => ({ name, id }))
  return E.right({
    avals: graph.avals,
    args,
    instructions: graph.instructions,
    outputs: outs,
    updates: ups,
  })
}

// Reference interpreter: runs a program on the host by the ops' oracles. The executable specification of every plan.
import type { Data } from './aval.ts'
import type { Program } from './trace.ts'

/** What one run gives: the outputs, and the new contents of the updated arguments. */
export interface Results {
  readonly outputs: Readonly<Record<string, Data>>
  readonly updates: Readonly<Record<string, Data>>
}

const lastUses = (program: Program): ReadonlyMap<number, number> => {
  const last = new Map<number, number>()
  program.instructions.forEach(({ ins, outs }, t) => {
    for (const id of [...ins, ...outs]) last.set(id, t)
  })
  for (const { id } of [...program.outputs, ...program.updates]) {
    last.set(id, program.instructions.length)
  }
  return last
}

const joined = (before: Data | undefined, more: Data): Data => {
  if (before === undefined) return more
  const size = before.length + more.length
  const both = more instanceof Float32Array ? new Float32Array(size) : new Uint32Array(size)
  both.set(before)
  both.set(more, before.length)
  return both
}

/**
 * Runs the program once. `args` holds every argument's contents by name and is not changed; an argument left out, or
 * of another length, throws: the engines check both before.
 */
export const interpret = (program: Program, args: Readonly<Record<string, Data>>): Results => {
  const arrays = new Map<number, Data>()
  const get = (id: number): Data => {
    const data = arrays.get(id)
    if (data === undefined) throw new Error(`interpret: array ${id} has no contents`)
    return data
  }
  for (const { name, id } of program.args) {
    const data = args[name]
    if (data !== undefined) arrays.set(id, data)
  }
  const last = lastUses(program)
  program.instructions.forEach(({ primitive, ins, outs }, t) => {
    const results = primitive.oracle(ins.map(get))
    outs.forEach((id, port) => {
      const data = results[port]
      if (data !== undefined) arrays.set(id, data)
    })
    for (const id of [...ins, ...outs]) if (last.get(id) === t) arrays.delete(id)
  })
  const named = (list: Program['outputs']): Record<string, Data> => {
    const all: Record<string, Data> = {}
    for (const { name, id } of list) all[name] = joined(all[name], get(id))
    return all
  }
  return { outputs: named(program.outputs), updates: named(program.updates) }
}

// Programs side by side as one: what they read and write under one name is one array. Pure.
import type { Aval } from '../core/aval.ts'
import type { Instruction, Parameter, Program } from '../core/trace.ts'

/** A program, and what its own names get behind them, such as the head that it trains. */
export interface Beside {
  readonly own: string
  readonly program: Program
}

/** The name of what a program has for itself. */
export const ownName = (name: string, own: string): string => `${name}/${own}`

/**
 * One program that does what all of them do, in their order, in one run. Arguments of the same name are one array, but for
 * those that `isOwn`: they and outputs and updates under such names are each program's own, as `ownName` has them. No
 * program may write an argument that another one reads.
 */
export const sideBySide = (
  programs: ReadonlyArray<Beside>,
  isOwn: (name: string) => boolean,
): Program => {
  const avals: Array<Aval> = []
  const args = new Map<string, number>()
  const instructions: Array<Instruction> = []
  const outputs: Array<Parameter> = []
  const updates: Array<Parameter> = []
  for (const { own, program } of programs) {
    const named = (name: string): string => (isOwn(name) ? ownName(name, own) : name)
    const known = new Map(program.args.map(({ name, id }) => [id, args.get(named(name))]))
    const ids = program.avals.map((aval, id) => known.get(id) ?? avals.push(aval) - 1)
    const moved = (list: ReadonlyArray<number>) => list.map(id => ids[id] ?? -1)
    const placed = ({ name, id }: Parameter): Parameter => ({
      name: named(name),
      id: ids[id] ?? -1,
    })
    for (const { name, id } of program.args.map(placed)) args.set(name, id)
    instructions.push(
      ...program.instructions.map(({ primitive, ins, outs }) => ({
        primitive,
        ins: moved(ins),
        outs: moved(outs),
      })),
    )
    outputs.push(...program.outputs.map(placed))
    updates.push(...program.updates.map(placed))
  }
  return {
    avals,
    args: [...args].map(([name, id]) => ({ name, id })),
    instructions,
    outputs,
    updates,
  }
}

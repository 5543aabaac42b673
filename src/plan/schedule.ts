// Schedule: an order of the instructions that keeps data, overwrites and memory in mind.
import type { Instruction } from '../core/trace.ts'
import type { InPlace } from './in-place.ts'

/**
 * Depth first from the outputs, then from the updates in their order (last parameter first), so that a gradient is
 * made just before it is used up. What no root needs is left out.
 */
export const schedule = ({ program, after }: InPlace): ReadonlyArray<Instruction> => {
  const producers = new Map(program.instructions.flatMap(i => i.outs.map(id => [id, i] as const)))
  const order = new Set<Instruction>()
  const entered = new Set<Instruction>()
  const visit = (instruction: Instruction | undefined): void => {
    if (instruction === undefined || entered.has(instruction)) return
    entered.add(instruction)
    for (const id of instruction.ins) visit(producers.get(id))
    for (const earlier of after.get(instruction) ?? []) visit(earlier)
    order.add(instruction)
  }
  for (const { id } of [...program.outputs, ...program.updates]) visit(producers.get(id))
  return [...order]
}

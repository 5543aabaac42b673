// Fusion: lets a primitive take its only consumer as an epilogue, by the primitive's own `fuse` rule.
import { pipe } from 'fp-ts/function'
import * as O from 'fp-ts/Option'
import type { Instruction, Program } from '../core/trace.ts'

/** For every array read exactly once, and by an instruction: which one. */
const soleReaders = (program: Program): Map<number, number> => {
  const readers = new Map<number, ReadonlyArray<number>>()
  const read = (id: number, by: number) => readers.set(id, [...(readers.get(id) ?? []), by])
  program.instructions.forEach(({ ins }, t) => {
    for (const id of ins) read(id, t)
  })
  for (const { id } of [...program.outputs, ...program.updates]) read(id, -1)
  const sole = new Map<number, number>()
  for (const [id, [by, ...others]] of readers) {
    if (by !== undefined && by >= 0 && others.length === 0) sole.set(id, by)
  }
  return sole
}

const fusePair = (producer: Instruction, consumer: Instruction): O.Option<Instruction> => {
  const at = consumer.ins.indexOf(producer.outs[0] ?? -1)
  return pipe(
    producer.primitive.fuse(consumer.primitive, at),
    O.map(primitive => ({
      primitive,
      ins: [...producer.ins, ...consumer.ins.filter((_, i) => i !== at)],
      outs: consumer.outs,
    })),
  )
}

/** Fuses every pair that its producer knows to fuse, chains too; the meaning of the program stays. */
export const fuse = (program: Program): Program => {
  const readerOf = soleReaders(program)
  const kept: Array<Instruction | undefined> = [...program.instructions]
  for (let t = 0; t < kept.length; t++) {
    const producer = kept[t]
    const [result, second] = producer?.outs ?? []
    if (producer === undefined || result === undefined || second !== undefined) continue
    const reader = readerOf.get(result) ?? -1
    const consumer = kept[reader]
    if (consumer === undefined) continue
    const fused = fusePair(producer, consumer)
    if (O.isNone(fused)) continue
    kept[reader] = fused.value
    kept[t] = undefined
    for (const id of producer.ins) if (readerOf.has(id)) readerOf.set(id, reader)
  }
  return { ...program, instructions: kept.filter(i => i !== undefined) }
}

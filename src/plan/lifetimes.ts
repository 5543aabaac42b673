// Lifetimes: which arrays share a storage, and from which step to which each storage must live.
import { type Aval, bytesOf } from '../core/aval.ts'
import { refsOf } from '../core/dispatch.ts'
import type { Instruction, Program } from '../core/trace.ts'
import { boundBytes, type Interval } from './place.ts'
import type { Lowered } from './types.ts'

/** For every array the one whose storage it shares, following overwrites back. */
export const storageRoots = (order: ReadonlyArray<Instruction>): ((id: number) => number) => {
  const from = new Map<number, number>()
  for (const { primitive, ins, outs } of order) {
    for (const { index, port } of primitive.overwrites) from.set(outs[port] ?? -1, ins[index] ?? -1)
  }
  const root = (id: number): number => {
    const before = from.get(id)
    return before === undefined ? id : root(before)
  }
  return root
}

/** Names the scratch buffer `id` of the call at a step. */
export const scratchKey = (step: number, id: number): string => `scratch ${step}.${id}`

/** Scratch buffers live for their own call. */
export const scratchIntervals = (lowered: ReadonlyArray<Lowered>): ReadonlyArray<Interval> =>
  lowered.flatMap(({ work }, t) => {
    const bytes = new Map<number, number>()
    for (const ref of work.flatMap(refsOf)) {
      if (ref._tag === 'Scratch') bytes.set(ref.id, Math.max(bytes.get(ref.id) ?? 0, ref.bytes))
    }
    return [...bytes].map(([id, b]) => ({
      key: scratchKey(t, id),
      bytes: boundBytes(b),
      first: t,
      last: t,
    }))
  })

/** Arrays live from the call that makes them to the last that reads them; arguments live in the store instead. */
export const arrayIntervals = (
  program: Program,
  order: ReadonlyArray<Instruction>,
  root: (id: number) => number,
): ReadonlyArray<Interval> => {
  const args = new Set(program.args.map(a => a.id))
  const span = new Map<number, readonly [number, number]>()
  const touch = (id: number, t: number): void => {
    const [first] = span.get(root(id)) ?? [t]
    span.set(root(id), [first, t])
  }
  order.forEach(({ ins, outs }, t) => {
    for (const id of [...ins, ...outs]) touch(id, t)
  })
  for (const { id } of program.outputs) touch(id, order.length)
  return [...span]
    .filter(([id]) => !args.has(id))
    .map(([id, [first, last]]) => ({ key: `${id}`, bytes: sized(program, id), first, last }))
}

/** Dtype and shape of array `id`. */
export const avalOf = (program: Program, id: number): Aval =>
  program.avals[id] ?? { dtype: 'f32', shape: [] }

/** Bytes bound for array `id`. */
export const sized = (program: Program, id: number): number =>
  boundBytes(bytesOf(avalOf(program, id)))

/** Scratch textures are shared by all calls: slot i is as large as the largest i-th texture of any call. */
export const textureSizes = (
  lowered: ReadonlyArray<Lowered>,
): ReadonlyArray<{ readonly width: number; readonly height: number }> => {
  const sizes: Array<{ readonly width: number; readonly height: number }> = []
  for (const ref of lowered.flatMap(l => l.work.flatMap(refsOf))) {
    if (ref._tag !== 'Texture') continue
    const old = sizes[ref.id] ?? { width: 1, height: 1 }
    sizes[ref.id] = {
      width: Math.max(old.width, ref.width),
      height: Math.max(old.height, ref.height),
    }
  }
  return sizes
}

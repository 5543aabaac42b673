// Operands: from the roles that an op names to places in memory, and what a device would refuse of them.
import * as E from 'fp-ts/Either'
import type { Ref, Target } from '../core/dispatch.ts'
import { type Fault, fault } from '../core/fault.ts'
import type { Instruction, Program } from '../core/trace.ts'
import { scratchKey, sized } from './lifetimes.ts'
import type { Placement } from './place.ts'
import type { Binding, Place, Step } from './types.ts'

const slotPlace = (placement: Placement, key: string): Place => {
  const slot = placement.slots.get(key)
  return slot === undefined
    ? { _tag: 'Arena', arena: -1, offset: 0, bytes: 0 }
    : { _tag: 'Arena', ...slot }
}

/** The place of array `id`: its argument's buffer in the store where it shares one, else its slot. */
export const placeOf = (
  program: Program,
  root: (id: number) => number,
  placement: Placement,
): ((id: number) => Place) => {
  const names = new Map(program.args.map(({ name, id }) => [id, name]))
  return id => {
    const name = names.get(root(id))
    return name === undefined
      ? slotPlace(placement, `${root(id)}`)
      : { _tag: 'Store', name, bytes: sized(program, root(id)) }
  }
}

/** Resolves the operands of the call at step `t`. */
export const resolve =
  (placement: Placement, arrayPlace: (id: number) => Place) =>
  (instruction: Instruction, t: number) =>
  (ref: Ref): Binding => {
    switch (ref._tag) {
      case 'Texture':
        return { _tag: 'Texture', texture: ref.id }
      case 'Scratch':
        return slotPlace(placement, scratchKey(t, ref.id))
      case 'In':
        return arrayPlace(instruction.ins[ref.index] ?? -1)
      case 'Out':
        return arrayPlace(instruction.outs[ref.port] ?? -1)
    }
  }

const sameRange = (a: Binding, b: Binding): boolean =>
  (a._tag === 'Store' && b._tag === 'Store' && a.name === b.name) ||
  (a._tag === 'Arena' && b._tag === 'Arena' && a.arena === b.arena && a.offset === b.offset)

/** The step, or what a device of this target would refuse in it. */
export const checkStep = (step: Step, target: Target): E.Either<Fault, Step> => {
  const { bindings, label, workgroups } = step
  const large = bindings.find(b => b._tag !== 'Texture' && b.bytes > target.limits.maxBindingBytes)
  if (large !== undefined && large._tag !== 'Texture') {
    const limit = target.limits.maxBindingBytes
    return E.left(
      fault(
        `an array of ${large.bytes} bytes is more than the ${limit} that the adapter can bind`,
        `op ${step.op}`,
        'use a smaller batch, width or data set, or --device cpu',
      ),
    )
  }
  const twice = bindings.find((b, i) => bindings.findIndex(c => sameRange(b, c)) < i)
  if (twice !== undefined) {
    return E.left(
      fault(
        'one dispatch binds the same storage twice',
        `op ${step.op}, shader ${label}`,
        'a result that overwrites an operand is bound once, as the result',
      ),
    )
  }
  return workgroups.every(n => n > 0 && n <= target.limits.maxWorkgroups)
    ? E.right(step)
    : E.left(
        fault(
          `workgroup counts ${workgroups.join(' x ')} are not within 1 to ${target.limits.maxWorkgroups}`,
          `op ${step.op}, shader ${label}`,
          'fold them with groupsFor',
        ),
      )
}

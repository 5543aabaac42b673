// Operands: from the roles that an op names to places in memory, and what a device would refuse of them.
import * as E from 'fp-ts/Either'
import type { Ref, Target } from '../core/dispatch.ts'
import { type Fault, fault } from '../core/fault.ts'
import type { Instruction, Program } from '../core/trace.ts'
import { scratchKey, sized } from './lifetimes.ts'
import type { Placement } from './place.ts'
import type { Binding, Place, Step } from './types.ts'

/** The place of what does not exist; `checkStep` refuses it. */
export const nowhere: Place = { _tag: 'Arena', arena: -1, offset: 0, bytes: 0 }

const slotPlace = (placement: Placement, key: string): Place => {
  const slot = placement.slots.get(key)
  return slot === undefined ? nowhere : { _tag: 'Arena', ...slot }
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

const refused = ({ op, label }: Step, what: string, mend: string): E.Either<Fault, Step> =>
  E.left(fault(what, `op ${op}, shader ${label}`, mend))

/** The step, or what a device of this target would refuse in it. */
export const checkStep = (step: Step, target: Target): E.Either<Fault, Step> => {
  const { maxBindingBytes, maxWorkgroups } = target.limits
  const bindings: ReadonlyArray<Binding> = step._tag === 'Copy' ? [step.from] : step.bindings
  const places = bindings.flatMap(b => (b._tag === 'Texture' ? [] : [b]))
  const bytes = Math.max(0, ...places.map(b => b.bytes))
  if (bytes > maxBindingBytes) {
    const what = `an array of ${bytes} bytes is more than the ${maxBindingBytes} that the adapter can bind`
    return refused(step, what, 'use a smaller batch, width or data set, or --device cpu')
  }
  if (places.some(b => b._tag === 'Arena' && b.arena < 0)) {
    return refused(step, 'it names an operand or result that is not there', 'mend its bindings')
  }
  if (step._tag === 'Copy') return E.right(step)
  if (
    bindings.some((b, i) => b._tag !== 'Texture' && bindings.findIndex(c => sameRange(b, c)) < i)
  ) {
    const what = 'one dispatch binds the same storage twice'
    return refused(step, what, 'bind a result that overwrites an operand once, as the result')
  }
  if (!step.workgroups.every(n => n > 0 && n <= maxWorkgroups)) {
    const what = `workgroup counts ${step.workgroups.join(' x ')} are not within 1 to ${maxWorkgroups}`
    return refused(step, what, 'fold them with groupsFor')
  }
  return E.right(step)
}

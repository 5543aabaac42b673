// Reverse-mode gradient: a function from graph to graph that enters only what the asked-for values reach.
import { pipe } from 'fp-ts/function'
import * as O from 'fp-ts/Option'
import type { Aval } from './aval.ts'
import { type Call, sameValue, type Value } from './value.ts'

/** The two ops that reverse mode needs; given by the caller, since `core` knows no op. */
export interface Cotangents {
  readonly add: (a: Value, b: Value) => Value
  readonly ones: (aval: Aval) => Value
}

/** Which calls depend on a wanted value, as a memoised walk; frozen parts answer false and are never entered again. */
const reaches = (wanted: ReadonlyArray<Value>): ((value: Value) => boolean) => {
  const memo = new Map<Call, boolean>()
  const callReaches = (call: Call): boolean => {
    const known = memo.get(call)
    if (known !== undefined) return known
    const found = call.args.map(valueReaches).some(r => r)
    memo.set(call, found)
    return found
  }
  const valueReaches = (value: Value): boolean =>
    wanted.some(w => sameValue(w, value)) || (value._tag === 'Apply' && callReaches(value.call))
  return valueReaches
}

/** Calls between the root and the wanted values, operands before their users. */
const ordered = (root: Value, enter: (value: Value) => boolean): ReadonlyArray<Call> => {
  const seen = new Set<Call>()
  const order: Array<Call> = []
  const visit = (value: Value): void => {
    if (value._tag !== 'Apply' || seen.has(value.call) || !enter(value)) return
    seen.add(value.call)
    value.call.args.forEach(visit)
    order.push(value.call)
  }
  visit(root)
  return order
}

/** Which values of the forward pass stay in memory until the backward pass has read them. */
export type Keeps = (value: Value) => boolean

/** What stands for a value in the backward pass: itself where it is kept, or its call made again from what is. */
const standIn = (keeps: Keeps): ((value: Value) => Value) => {
  const memo = new Map<Call, ReadonlyArray<Value>>()
  const callAgain = (call: Call): ReadonlyArray<Value> => {
    const made = memo.get(call) ?? call.again(as)
    memo.set(call, made)
    return made
  }
  const as = (value: Value): Value =>
    value._tag !== 'Apply' || keeps(value) ? value : (callAgain(value.call)[value.port] ?? value)
  return as
}

/**
 * Gradients of `loss` (every element counts once) with respect to `wanted`, each of its value's shape; `none` where
 * the loss does not depend on it. Frozen parts cost nothing: the walk never enters what no wanted value reaches. What
 * `keeps` refuses is computed again where the backward pass reads it (Chen et al. 2016, arXiv:1604.06174).
 */
export const gradient =
  ({ add, ones }: Cotangents) =>
  (
    loss: Value,
    wanted: ReadonlyArray<Value>,
    keeps: Keeps = () => true,
  ): ReadonlyArray<O.Option<Value>> => {
    const enter = reaches(wanted)
    const as = standIn(keeps)
    const byCall = new Map<Call, Array<O.Option<Value>>>()
    const byName = new Map<string, Value>()
    const plus = (old: O.Option<Value>, ct: Value): Value =>
      O.isSome(old) ? add(old.value, ct) : ct
    const accumulate = (value: Value, ct: Value): void => {
      if (value._tag === 'Arg') {
        byName.set(value.name, plus(O.fromNullable(byName.get(value.name)), ct))
      } else if (value._tag === 'Apply') {
        const cts = byCall.get(value.call) ?? value.call.primitive.outs.map(() => O.none)
        cts[value.port] = O.some(plus(cts[value.port] ?? O.none, ct))
        byCall.set(value.call, cts)
      }
    }
    accumulate(loss, ones(loss.aval))
    for (const call of [...ordered(loss, enter)].reverse()) {
      const cts = byCall.get(call)
      if (cts === undefined) continue
      call.vjp(cts, as).forEach((ct, i) => {
        const operand = call.args[i]
        if (operand !== undefined && O.isSome(ct) && enter(operand)) accumulate(operand, ct.value)
      })
    }
    return wanted.map(value =>
      value._tag === 'Arg'
        ? O.fromNullable(byName.get(value.name))
        : value._tag === 'Apply'
          ? pipe(
              O.fromNullable(byCall.get(value.call)),
              O.chain(cts => cts[value.port] ?? O.none),
            )
          : O.some(value),
    )
  }

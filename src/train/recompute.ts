// Recomputation: which values of a forward pass stay in memory for the backward pass, and which it makes again.
import type { Keeps } from '../core/grad.ts'
import type { Call, Value } from '../core/value.ts'

/**
 * What the backward pass computes again instead of reading it from memory: nothing; whatever takes no products (batch and
 * layer norm, activations, pooling); or all between the outputs of blocks, but of the last one (Chen et al. 2016,
 * arXiv:1604.06174, as torch.utils.checkpoint does for each block).
 */
export type Recompute = 'none' | 'cheap' | 'blocks'

const callOf = (value: Value | undefined): ReadonlyArray<Call> =>
  value?._tag === 'Apply' ? [value.call] : []

/** The call of a value and all that it is computed from. */
const callsBelow = (root: Value | undefined): ReadonlySet<Call> => {
  const found = new Set<Call>()
  const waiting = [...callOf(root)]
  for (let call = waiting.pop(); call !== undefined; call = waiting.pop()) {
    if (found.has(call)) continue
    found.add(call)
    waiting.push(...call.args.flatMap(callOf))
  }
  return found
}

/** What is kept of a forward pass whose blocks ended in `outputs`; scalars and vectors always are. */
export const keepsOf = (how: Recompute, outputs: ReadonlyArray<Value>): Keeps => {
  if (how === 'none') return () => true
  const ends = new Set(outputs.flatMap(callOf))
  const inside = callsBelow(outputs.at(how === 'blocks' ? -2 : -1))
  return value =>
    value._tag !== 'Apply' ||
    value.aval.shape.length < 2 ||
    ends.has(value.call) ||
    !inside.has(value.call) ||
    (how === 'cheap' && value.call.primitive.flops > 0)
}

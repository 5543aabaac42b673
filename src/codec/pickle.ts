// Python's pickle as pure data: a small machine over an allow-list of names, which runs no code and calls nothing.
import * as E from 'fp-ts/Either'
import { type Machine, machineOf, pop } from './pickle-machine.ts'
import { pickleSteps } from './pickle-ops.ts'
import type { PickleValue } from './pickle-value.ts'

/** A pickle read: its value, the ids of all it refers to outside of itself, and the byte after its end. */
export interface Pickle {
  readonly value: PickleValue
  readonly persistents: ReadonlyArray<PickleValue>
  readonly end: number
}

/** A pickle of more steps is none of a network's weights: the largest, with their optimiser, have a tenth. */
const mostSteps = 1_000_000

/** No pickle of weights is longer, in bytes. */
export const pickleLimit = 2 ** 26

const stop = 0x2e

const run = (m: Machine): PickleValue => {
  for (let steps = 0; steps < mostSteps && m.wrong === null; steps++) {
    const code = m.bytes[m.at]
    if (code === undefined) m.wrong = 'the pickle is cut off'
    m.at += 1
    if (code === stop) return pop(m)
    const step = pickleSteps.get(code ?? stop)
    if (step === undefined) m.wrong ??= `the pickle has opcode ${code}, which is not read`
    else step(m)
  }
  m.wrong ??= 'the pickle is too long'
  return null
}

/**
 * Reads the pickle at the start of `bytes`. Left says what is wrong: a global that `allow` refuses (named), damage, or
 * more than a checkpoint needs. Memory is bounded by the pickle's own length.
 */
export const decodePickle = (
  bytes: Uint8Array,
  allow: (name: string) => boolean,
): E.Either<string, Pickle> => {
  const m = machineOf(bytes.subarray(0, pickleLimit), allow)
  const value = run(m)
  return m.wrong === null
    ? E.right({ value, persistents: m.persistents, end: m.at })
    : E.left(m.wrong)
}

// The machine that a pickle drives: its bytes, stack, marks and memo, and how they are moved.
import type { PickleValue } from './pickle-value.ts'

/** Bytes being read, and all that has been made of them. A step that goes wrong says so in `wrong`. */
export interface Machine {
  readonly bytes: Uint8Array
  readonly view: DataView
  at: number
  readonly stack: Array<PickleValue>
  readonly marks: Array<number>
  readonly memo: Map<number, PickleValue>
  readonly persistents: Array<PickleValue>
  readonly allow: (name: string) => boolean
  wrong: string | null
  /** How many values may still be copied from one container to another. */
  budget: number
}

/** One opcode's work. */
export type Step = (m: Machine) => void

/** A machine before its first step. */
export const machineOf = (bytes: Uint8Array, allow: Machine['allow']): Machine => ({
  bytes,
  view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength),
  at: 0,
  stack: [],
  marks: [],
  memo: new Map(),
  persistents: [],
  allow,
  wrong: null,
  budget: 2 ** 20,
})

/** Notes what is wrong; the first thing said stands. */
export const fail = (m: Machine, what: string): void => {
  m.wrong ??= what
}

/** The next `n` bytes, or none at all where the pickle ends first. */
export const take = (m: Machine, n: number): Uint8Array => {
  if (!(n <= m.bytes.length - m.at)) {
    fail(m, 'the pickle is cut off')
    return m.bytes.subarray(0, 0)
  }
  m.at += n
  return m.bytes.subarray(m.at - n, m.at)
}

/** The next `width` bytes as a little-endian number without sign. */
export const takeCount = (m: Machine, width: 1 | 2 | 4 | 8): number =>
  take(m, width).reduceRight((sum, byte) => sum * 256 + byte, 0)

/** The next line, without its end; names are never longer than 256 bytes. */
export const takeLine = (m: Machine): string => {
  const end = m.bytes.subarray(m.at, m.at + 257).indexOf(0x0a)
  if (end < 0) fail(m, 'the pickle has a name without an end')
  const line = take(m, Math.max(0, end))
  take(m, 1)
  return new TextDecoder().decode(line)
}

/** Puts a value on the stack. */
export const push = (m: Machine, value: PickleValue): void => {
  m.stack.push(value)
}

/** Takes the top value off the stack, never one below the last mark. */
export const pop = (m: Machine): PickleValue => {
  if (m.stack.length <= (m.marks.at(-1) ?? 0)) fail(m, 'the pickle takes more than it made')
  return m.stack.pop() ?? null
}

/** The top value, left on the stack. */
export const top = (m: Machine): PickleValue => {
  if (m.stack.length <= (m.marks.at(-1) ?? 0)) fail(m, 'the pickle takes more than it made')
  return m.stack.at(-1) ?? null
}

/** Takes off the values above the last mark, and the mark. */
export const popMark = (m: Machine): Array<PickleValue> => {
  const mark = m.marks.pop()
  if (mark === undefined) fail(m, 'the pickle has a mark too few')
  return m.stack.splice(mark ?? m.stack.length)
}

/** Takes `n` values off the stack, in the order in which they were put. */
export const popMany = (m: Machine, n: number): Array<PickleValue> =>
  Array.from({ length: n }, () => pop(m)).reverse()

/** Remembers the top value under a number. */
export const remember = (m: Machine, key: number): void => {
  m.memo.set(key, top(m))
}

/** Puts a remembered value on the stack. */
export const recall = (m: Machine, key: number): void => {
  const value = m.memo.get(key)
  if (value === undefined) fail(m, 'the pickle recalls what it never made')
  push(m, value ?? null)
}

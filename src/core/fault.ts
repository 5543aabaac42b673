// A fault: the one shape of every error that a person meets (what, where, how to mend).
export interface Fault {
  readonly _tag: 'Fault'
  readonly what: string
  readonly where: string
  readonly mend: string
  /** The process's exit code: 2 for bad usage or input, 1 for a failure while running. */
  readonly exit: 1 | 2
}

/** A user-facing error: what went wrong, where (a file, a flag, a row), and how to mend it. */
export const fault = (what: string, where: string, mend: string): Fault => ({
  _tag: 'Fault',
  what,
  where,
  mend,
  exit: 2,
})

/** A failure while running that is no fault of the input: a lost device, a full disk. */
export const failure = (what: string, where: string, mend: string): Fault => ({
  ...fault(what, where, mend),
  exit: 1,
})

/** True for a value made by `fault`, whatever came along with it. */
export const isFault = (u: unknown): u is Fault =>
  typeof u === 'object' && u !== null && '_tag' in u && u._tag === 'Fault'

/** The fault as one line, `where: what; mend`; line breaks and control characters become spaces. */
export const showFault = (f: Fault): string =>
  `${f.where}: ${f.what}; ${f.mend}`.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')

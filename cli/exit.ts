// How a command ends, and the exit code of each end.
import { type Fault, showFault } from '../src/core/fault.ts'

/** Done; failed while running, though it ran to its end (a self-test, say); stopped by the person. */
export type Ending = 'done' | 'failed' | 'interrupted'

/** Exit code of an ending: 0, 1 or 130. */
export const codeOf = (ending: Ending): 0 | 1 | 130 =>
  ending === 'done' ? 0 : ending === 'failed' ? 1 : 130

/** The line that a fault puts on stderr. */
export const faultLine = (fault: Fault): string => `collapse: ${showFault(fault)}\n`

/** The line of an error that no one foresaw, and its stack where `debug` asks for it. */
export const crashLines = (error: unknown, debug: boolean): string => {
  const message = error instanceof Error ? error.message : String(error)
  const line = `collapse: ${message}`.replace(/\s+/g, ' ')
  return debug
    ? `${line}\n${error instanceof Error ? error.stack : ''}\n`
    : `${line}; this is a bug: --debug shows where\n`
}

// Ctrl-C as a value: the first one asks loops to stop at their next step, the second ends the process.

/** Whether the person asked to stop. */
export interface Interruption {
  readonly asked: () => boolean
  /** Lets signals end the process as usual again. */
  readonly release: () => void
}

/** What the watch needs of a process. */
export interface Signals {
  readonly on: (signal: 'SIGINT' | 'SIGTERM', listener: () => void) => unknown
  readonly off: (signal: 'SIGINT' | 'SIGTERM', listener: () => void) => unknown
  readonly exit: (code: number) => void
}

const SIGNALS = ['SIGINT', 'SIGTERM'] as const

/** Watches for SIGINT and SIGTERM. `onFirst` is called once, for a word to the person; a second signal exits with 130. */
export const watchInterruption = (signals: Signals, onFirst: () => void): Interruption => {
  let asked = false
  const listener = (): void => {
    if (asked) signals.exit(130)
    else onFirst()
    asked = true
  }
  for (const signal of SIGNALS) signals.on(signal, listener)
  return {
    asked: () => asked,
    release: () => {
      for (const signal of SIGNALS) signals.off(signal, listener)
    },
  }
}

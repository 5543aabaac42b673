// `collapse doctor`: says what the engine is, and whether it computes right.
import type { Command } from 'commander'
import * as t from 'io-ts'
import { type Context, register } from './run.ts'

/** Adds the command `doctor`. */
export const registerDoctor = (program: Command, context: Context): void =>
  register(
    program,
    context,
  )({
    name: 'doctor',
    summary: 'engine, adapter, driver, limits, versions, and a self-test',
    flags: [],
    codec: t.type({}),
    run: async () => (await import('./doctor/run-doctor.ts')).runDoctor,
  })

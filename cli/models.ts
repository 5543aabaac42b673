// `collapse models`: the networks that can be named.
import type { Command } from 'commander'
import * as t from 'io-ts'
import { type Context, register } from './run.ts'

/** Adds the command `models`. */
export const registerModels = (program: Command, context: Context): void =>
  register(
    program,
    context,
  )({
    name: 'models',
    summary: 'lists the networks with their parameters, fine-tuning units and operations',
    flags: [],
    codec: t.type({}),
    run: async () => (await import('./models/run-models.ts')).runModels,
    more: `Operations are those of one image's forward pass, a multiplication and an addition counted as two.
--json adds every unit with its number, name, parameters, and the shape of its output.`,
  })

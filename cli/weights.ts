// `collapse weights`: lists the public files of weights, and downloads them.
import type { Command } from 'commander'
import * as t from 'io-ts'
import { oneOf, optional, text } from '../src/codec/field.ts'
import type { FlagLine } from './flags.ts'
import { type Context, register } from './run.ts'

const lines: ReadonlyArray<FlagLine> = [
  ['--mirror <url>', 'folder on the web to get the file from', "the file's own public host"],
  ['--out <dir>', 'folder to put the file in', '<data-root>/weights'],
]

/** The action, its name, and the flags of `weights`. */
export const WeightsFlags = t.type({
  action: oneOf(['get', 'list']),
  name: optional(text),
  mirror: optional(text),
  out: optional(text),
})
export type WeightsFlags = t.TypeOf<typeof WeightsFlags>

/** Adds the command `weights`. */
export const registerWeights = (program: Command, context: Context): void =>
  register(
    program,
    context,
  )({
    name: 'weights <action> [name]',
    summary: 'get: downloads weights by a public name, and checks them; list: says which there are',
    flags: lines,
    codec: WeightsFlags,
    run: async () => (await import('./weights/run-weights.ts')).runWeights,
    more: `A download that was cut goes on where it stopped. The hash in a file's name is checked.
Example: collapse weights get resnet18`,
  })

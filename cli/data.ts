// `collapse data`: the data sets that can be named, or what one of them holds.
import type { Command } from 'commander'
import * as t from 'io-ts'
import { DataSpec } from '../src/codec/data-spec.ts'
import { optional } from '../src/codec/field.ts'
import { type Context, register } from './run.ts'

/** The argument of `data`. */
export const DataFlags = t.type({ spec: optional(DataSpec) })
export type DataFlags = t.TypeOf<typeof DataFlags>

/** Adds the command `data`. */
export const registerData = (program: Command, context: Context): void =>
  register(
    program,
    context,
  )({
    name: 'data [spec]',
    summary: 'lists the data sets and where they are, or describes one',
    flags: [],
    codec: DataFlags,
    run: async () => (await import('./data/run-data.ts')).runData,
    more: `A spec is a name, with what is taken of it after a question mark: classes=0-4,7 (renumbered from 0 in
that order), perClass=100 (chosen by the seed, smaller subsets within larger ones), seed=1, split=train.
Where the folders of images name no splits, a fifth of each class, chosen by the seed, is for testing.
Examples: collapse data cifar10?classes=0-4
          collapse data folder:photos?perClass=50&seed=1 --json`,
  })

// The flags that every command has, what help says of flags, and their codecs.
import type { Command } from 'commander'
import * as t from 'io-ts'
import { homedir } from 'node:os'
import { join } from 'node:path'
import {
  flag,
  fromText,
  oneOf,
  optional,
  text,
  wholeFrom,
  withDefault,
} from '../src/codec/field.ts'

/** A flag as help shows it: `--lr <x>`, what it does, and the default in words where there is one. */
export type FlagLine = readonly [flags: string, help: string, byDefault?: string]

const cacheFolder = (env: NodeJS.ProcessEnv): string => {
  const windows = process.platform === 'win32' ? env.LOCALAPPDATA : undefined
  const usual = join(homedir(), process.platform === 'darwin' ? 'Library/Caches' : '.cache')
  return join(env.XDG_CACHE_HOME ?? windows ?? usual, 'collapse')
}

/** Folder of data sets: COLLAPSE_DATA, else `collapse` in the user's cache folder. */
export const defaultDataRoot = (env: NodeJS.ProcessEnv): string =>
  env.COLLAPSE_DATA ?? cacheFolder(env)

/** Folder of the measurements of adapters that `collapse bench tune` keeps, in the user's cache folder. */
export const tuningFolder = (env: NodeJS.ProcessEnv): string => join(cacheFolder(env), 'tuning')

/** Seeds are 32-bit, as the random numbers are. */
export const seedField = wholeFrom(0, 2 ** 32 - 1)

/** The common flags as help shows them. */
export const commonLines: ReadonlyArray<FlagLine> = [
  ['--device <name>', 'auto, webgpu or cpu', 'auto'],
  [
    '--precision <name>',
    'f32 or f16: what products multiply, where the adapter has f16 units',
    'f32',
  ],
  ['--seed <n>', 'seed of everything random', '0'],
  ['--data-root <dir>', 'folder of data sets', "COLLAPSE_DATA or the user's cache folder"],
  ['--json', 'one JSON document on stdout, nothing else'],
  ['--quiet', 'no progress and no logs on stderr'],
  ['--profile <file>', 'times every op of a run, and writes a Chrome trace to the file'],
  ['--debug', 'stacks of errors'],
]

/** The common flags decoded. A seed that was not given is the config's, or 0. */
export const Common = t.type({
  device: withDefault(oneOf(['auto', 'webgpu', 'cpu']), 'auto'),
  precision: withDefault(oneOf(['f32', 'f16']), 'f32'),
  seed: optional(fromText(seedField)),
  dataRoot: withDefault(text, defaultDataRoot(process.env)),
  json: withDefault(flag, false),
  quiet: withDefault(flag, false),
  profile: optional(text),
  debug: withDefault(flag, false),
})
export type Common = t.TypeOf<typeof Common>

/** `--config FILE`, for commands that read one; decode it with `optional(text)`. */
export const configLine: FlagLine = [
  '--config <file>',
  'JSON file with the settings; flags given beside it win',
]

/** How steps of training go, for commands that train. */
export const trainingLines: ReadonlyArray<FlagLine> = [
  [
    '--augment <how>',
    'none, or crop-flip: random crop out of a margin of an eighth of the width, random flip',
    'none',
  ],
  [
    '--recompute <what>',
    'what the backward pass computes again to save memory: none, cheap (norms, activations) or blocks',
    'none',
  ],
]

/** How long training goes and how fast, with what a command takes by default, in words. */
export const courseLines = (byDefault: {
  readonly epochs: string
  readonly batch: string
  readonly lr: string
  readonly lrMin: string
}): ReadonlyArray<FlagLine> => [
  ['--epochs <n>', 'passes over the training split', byDefault.epochs],
  ['--batch <n>', 'images in a step', byDefault.batch],
  ['--lr <x>', 'learning rate of the first epoch; a cosine leads to --lr-min', byDefault.lr],
  ['--lr-min <x>', 'learning rate after the last epoch', byDefault.lrMin],
  ['--momentum <x>', 'momentum of SGD', '0.9'],
  ['--weight-decay <x>', 'weight decay of SGD, on biases too', '0.0001'],
]

/** `--test-every N`, for commands that train. */
export const testEveryLine: FlagLine = [
  '--test-every <n>',
  'epochs between evaluations of the test split; 0: after the last',
  '1',
]

/** `--plugin FILE`, for commands that run ops; decode it with `pluginFiles`. */
export const pluginLine: FlagLine = [
  '--plugin <file...>',
  'TypeScript files with ops of your own (docs/custom-op.md)',
]

/** Files of `--plugin`, none by default. */
export const pluginFiles = withDefault(t.array(text), [])

/** Adds flags to a command; the default is shown in help only, the codec fills it in. */
export const addFlags = (command: Command, lines: ReadonlyArray<FlagLine>): Command => {
  for (const [flags, help, byDefault] of lines) {
    command.option(flags, byDefault === undefined ? help : `${help} (default: ${byDefault})`)
  }
  return command
}

// `collapse advise`: which part of a pre-trained network to tune first, without tuning.
import type { Command } from 'commander'
import * as t from 'io-ts'
import { Budget } from '../src/codec/advice.ts'
import { DataSpec } from '../src/codec/data-spec.ts'
import {
  flag,
  fromText,
  optional,
  positive,
  text,
  wholeFrom,
  withDefault,
} from '../src/codec/field.ts'
import type { FlagLine } from './flags.ts'
import { runLine } from './network/flags.ts'
import { type Context, register } from './run.ts'

const lines: ReadonlyArray<FlagLine> = [
  runLine,
  ['--model <name>', 'the network; collapse models lists them'],
  ['--models <names>', 'several networks, with commas between, in place of --model'],
  [
    '--weights <files>',
    'its weights, .safetensors, .safetensors.gz or .pth; for --models a file each, with commas between',
  ],
  ['--data <spec>', 'the data set to transfer to, such as cifar10?perClass=50; see collapse data'],
  ['--size <n>', 'height and width of the images that the networks take', "each network's own"],
  ['--images <n>', 'images that are scored at most, as many of each class', '1000'],
  [
    '--budget <what>',
    'params, bytes (of memory) or seconds (an epoch): of units alike in nc1 the cheapest comes first; with a limit, such as params=1e6 or bytes=512MiB, those past it come last',
  ],
  ['--batch <n>', 'images in a step of tuning, for costs and --verify', '64'],
  ['--verify', 'tunes every unit, and says how well each score foretold the accuracy'],
  ['--epochs <n>', 'epochs of --verify', '10'],
  ['--lr <x>', 'learning rate of --verify, a cosine to 0', '0.01'],
  ['--test-per-class <n>', 'images of each class that --verify tests on', 'all'],
  ['--out <dir>', 'folder of result.json and index.html, a page with charts'],
]

const names = new t.Type<ReadonlyArray<string>, string, unknown>(
  'names with commas between',
  (u): u is ReadonlyArray<string> => Array.isArray(u),
  (u, c) => {
    const words = typeof u === 'string' ? u.split(',').map(word => word.trim()) : []
    return words.length > 0 && words.every(word => word !== '')
      ? t.success(words)
      : t.failure(u, c, 'must be names with commas between')
  },
  words => words.join(','),
)

/** The flags of `advise`. */
export const AdviseFlags = t.type({
  from: optional(text),
  model: optional(text),
  models: optional(names),
  weights: optional(text),
  data: DataSpec,
  size: optional(fromText(wholeFrom(8, 4096))),
  images: withDefault(fromText(wholeFrom(4, 2048)), 1000),
  budget: optional(Budget),
  batch: withDefault(fromText(wholeFrom(1, 65536)), 64),
  verify: withDefault(flag, false),
  epochs: withDefault(fromText(wholeFrom(1, 10000)), 10),
  lr: withDefault(fromText(positive), 0.01),
  testPerClass: optional(fromText(wholeFrom(1))),
  out: optional(text),
})
export type AdviseFlags = t.TypeOf<typeof AdviseFlags>

/** Adds the command `advise`. */
export const registerAdvise = (program: Command, context: Context): void =>
  register(
    program,
    context,
  )({
    name: 'advise',
    summary: 'which part of a pre-trained network to tune first, from one pass and without tuning',
    flags: lines,
    codec: AdviseFlags,
    run: async () => (await import('./advise/run-advise.ts')).runAdvise,
    more: `Scores every fine-tuning unit and the classifier's input: nc1 with its baseline and interval, nearest class mean,
a linear probe, LogME, H-score, LEEP, and what tuning it costs; docs/advise.md says what each can tell.
Example: collapse advise --model resnet18 --weights resnet18.pth --data cifar10?perClass=50 --budget params
Example: collapse advise --from runs/mnist --data fashion-mnist?perClass=100
Example: collapse advise --models resnet18,resnet50 --weights r18.pth,r50.pth --data folder:photos --out runs/advice`,
  })

// `collapse measure`: the metrics of features in a file, or of a network's layers on a data set.
import type { Command } from 'commander'
import * as t from 'io-ts'
import {
  field,
  fromText,
  oneOf,
  optional,
  text,
  wholeFrom,
  withDefault,
} from '../src/codec/field.ts'
import { DataSpec } from '../src/codec/data-spec.ts'
import { conventionNames } from '../src/collapse/conventions.ts'
import type { FlagLine } from './flags.ts'
import { networkLines, runLine, sizeField, sizeLine } from './network/flags.ts'
import { type Context, register } from './run.ts'

const lines: ReadonlyArray<FlagLine> = [
  runLine,
  ...networkLines,
  sizeLine,
  [
    '--data <spec>',
    'the data set that the network sees; see collapse data',
    "with --from the run's",
  ],
  ['--split <name>', 'train or test', "the spec's, or train"],
  [
    '--layers <which>',
    'all: every fine-tuning unit; penultimate: the input of the classifier',
    'all',
  ],
  ['--pool <how>', 'avg; vision transformers also cls, tokens (the mean of all tokens)', 'avg'],
  ['--batch <n>', 'images in a step', 'by their size'],
  [
    '--features <file>',
    '.safetensors, .npz or .npy with floats [N, d], and labels [N] beside them',
  ],
  ['--labels <file>', 'labels in a file of their own; a .npy of features needs one'],
  ['--convention <name>', conventionNames.join(', '), 'paper'],
  ['--rank <name>', "numerical rank of each class's features: uncentred or centred", 'uncentred'],
  ['--only <names>', 'metrics to compute, with commas between; the others are null', 'all'],
  ['--threads <n>', 'threads that read and add', 'one a core'],
  [
    '--hold <mib>',
    'MiB of features of a network that stay in memory; more wait in the folder TMPDIR',
    '2048',
  ],
  ['--out <dir>', 'folder of result.json and index.html, a page with charts'],
]

const filePath = field<string>(
  'the path of a file',
  (u): u is string => typeof u === 'string' && u !== '',
)

/** The flags of `measure`. */
export const MeasureFlags = t.type({
  features: optional(filePath),
  from: optional(filePath),
  model: optional(text),
  weights: optional(filePath),
  size: sizeField,
  data: optional(DataSpec),
  split: optional(oneOf(['train', 'test'])),
  layers: withDefault(oneOf(['all', 'penultimate']), 'all'),
  pool: withDefault(oneOf(['avg', 'cls', 'tokens']), 'avg'),
  batch: optional(fromText(wholeFrom(1, 65536))),
  labels: optional(filePath),
  convention: withDefault(oneOf(conventionNames), 'paper'),
  rank: optional(oneOf(['uncentred', 'centred'])),
  only: optional(text),
  threads: optional(fromText(wholeFrom(1, 256))),
  hold: optional(fromText(wholeFrom(0, 2 ** 24))),
  out: optional(filePath),
})
export type MeasureFlags = t.TypeOf<typeof MeasureFlags>

/** Adds the command `measure`. */
export const registerMeasure = (program: Command, context: Context): void =>
  register(
    program,
    context,
  )({
    name: 'measure',
    summary:
      'every metric of neural collapse, of features in a file or at every layer of a network',
    flags: lines,
    codec: MeasureFlags,
    run: async () => (await import('./measure/run-measure.ts')).runMeasure,
    more: `Arrays: features [N, d], labels [N] of whole numbers 0 .. K-1, and for NC3 and NC4 the last
layer's weight [K, d] and bias [K]. A metric that the features do not define is null.
With --model, --weights and --data, or --from: the same at every fine-tuning unit, from one pass over the images.
Examples: collapse measure --features features.safetensors --json
          collapse measure --model resnet18 --weights resnet18.pth --data cifar10?perClass=200 --out runs/layers
          collapse measure --from runs/mnist --split test`,
  })

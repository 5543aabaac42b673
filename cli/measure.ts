// `collapse measure`: the metrics of features in a file.
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
import { conventionNames } from '../src/collapse/conventions.ts'
import type { FlagLine } from './flags.ts'
import { type Context, register } from './run.ts'

const lines: ReadonlyArray<FlagLine> = [
  [
    '--features <file>',
    '.safetensors, .npz or .npy with floats [N, d], and labels [N] beside them',
  ],
  ['--labels <file>', 'labels in a file of their own; a .npy of features needs one'],
  ['--convention <name>', conventionNames.join(', '), 'paper'],
  ['--rank <name>', "numerical rank of each class's features: uncentred or centred", 'uncentred'],
  ['--only <names>', 'metrics to compute, with commas between; the others are null', 'all'],
  ['--threads <n>', 'threads that read and add', 'one a core'],
]

const filePath = field<string>(
  'the path of a file',
  (u): u is string => typeof u === 'string' && u !== '',
)

/** The flags of `measure`. */
export const MeasureFlags = t.type({
  features: filePath,
  labels: optional(filePath),
  convention: withDefault(oneOf(conventionNames), 'paper'),
  rank: optional(oneOf(['uncentred', 'centred'])),
  only: optional(text),
  threads: optional(fromText(wholeFrom(1, 256))),
})
export type MeasureFlags = t.TypeOf<typeof MeasureFlags>

/** Adds the command `measure`. */
export const registerMeasure = (program: Command, context: Context): void =>
  register(
    program,
    context,
  )({
    name: 'measure',
    summary: 'every metric of neural collapse for features in a file, of any size',
    flags: lines,
    codec: MeasureFlags,
    run: async () => (await import('./measure/run-measure.ts')).runMeasure,
    more: `Arrays: features [N, d], labels [N] of whole numbers 0 .. K-1, and for NC3 and NC4 the last
layer's weight [K, d] and bias [K]. A metric that the features do not define is null.
Example: collapse measure --features features.safetensors --json`,
  })

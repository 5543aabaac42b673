// `collapse train`: trains a network into a run folder.
import type { Command } from 'commander'
import * as t from 'io-ts'
import {
  fraction,
  fromText,
  notNegative,
  oneOf,
  optional,
  positive,
  text,
  wholeFrom,
} from '../src/codec/field.ts'
import { configLine, type FlagLine } from './flags.ts'
import { type Context, register } from './run.ts'

const lines: ReadonlyArray<FlagLine> = [
  ['--model <name>', 'the network: mlp', 'mlp'],
  ['--depth <n>', 'linear layers, the classifier included', '9'],
  ['--width <n>', 'units of a hidden layer', '784'],
  ['--data <spec>', 'the data set, as mnist or mnist?classes=0-4&perClass=100&seed=1', 'mnist'],
  ['--loss <name>', 'ce or mse', 'ce'],
  ['--epochs <n>', 'passes over the training split', '150'],
  ['--batch <n>', 'images in a step', '128'],
  ['--lr <x>', 'learning rate of the first epoch; a cosine leads to --lr-min', '0.1'],
  ['--lr-min <x>', 'learning rate at the end', '0.0001'],
  ['--momentum <x>', 'momentum of SGD', '0.9'],
  ['--weight-decay <x>', 'weight decay of SGD, on biases too', '0.0001'],
  ['--measure-every <n>', 'epochs between measurements of nc1; 0 measures at the end only', '10'],
  configLine,
  ['--out <dir>', 'the run folder', 'runs/<model>-<data>-<n>'],
  ['--resume <dir>', 'goes on with the run in this folder'],
]

/** The flags of `train`; what is missing comes from the config or its defaults. */
export const TrainFlags = t.type({
  model: optional(text),
  depth: optional(fromText(wholeFrom(1))),
  width: optional(fromText(wholeFrom(1))),
  data: optional(text),
  loss: optional(oneOf(['ce', 'mse'])),
  epochs: optional(fromText(wholeFrom(1))),
  batch: optional(fromText(wholeFrom(1))),
  lr: optional(fromText(positive)),
  lrMin: optional(fromText(notNegative)),
  momentum: optional(fromText(fraction)),
  weightDecay: optional(fromText(notNegative)),
  measureEvery: optional(fromText(wholeFrom(0))),
  config: optional(text),
  out: optional(text),
  resume: optional(text),
})
export type TrainFlags = t.TypeOf<typeof TrainFlags>

/** Adds the command `train`. */
export const registerTrain = (program: Command, context: Context): void =>
  register(
    program,
    context,
  )({
    name: 'train',
    summary: 'trains a network into a run folder; Ctrl-C leaves a checkpoint',
    flags: lines,
    codec: TrainFlags,
    run: async () => (await import('./train/run-train.ts')).runTrain,
    more: 'Example: collapse train --depth 5 --width 512 --data "mnist?classes=0-4" --epochs 10',
  })

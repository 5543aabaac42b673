// `collapse train`: trains a network into a run folder.
import type { Command } from 'commander'
import * as t from 'io-ts'
import { fromText, optional, text } from '../src/codec/field.ts'
import { settings } from '../src/codec/train-config.ts'
import { configLine, type FlagLine, pluginFiles, pluginLine } from './flags.ts'
import { type Context, register } from './run.ts'

const lines: ReadonlyArray<FlagLine> = [
  ['--model <name>', 'the network: mlp', 'mlp'],
  ['--depth <n>', 'linear layers, the classifier included', '9'],
  ['--width <n>', 'units of a hidden layer', '784'],
  ['--activation <name>', 'relu, or an op that a plugin brings', 'relu'],
  [
    '--data <spec>',
    'the data set, such as mnist or mnist?classes=0-4&perClass=100&seed=1',
    'mnist',
  ],
  ['--loss <name>', 'ce or mse', 'ce'],
  ['--epochs <n>', 'passes over the training split', '150'],
  ['--batch <n>', 'images in a step', '128'],
  ['--lr <x>', 'learning rate of the first epoch; a cosine leads to --lr-min', '0.1'],
  ['--lr-min <x>', 'learning rate after the last epoch', '0.0001'],
  ['--momentum <x>', 'momentum of SGD', '0.9'],
  ['--weight-decay <x>', 'weight decay of SGD, on biases too', '0.0001'],
  ['--measure-every <n>', 'epochs between measurements of nc1; 0: after the last only', '10'],
  configLine,
  pluginLine,
  ['--out <dir>', 'the run folder', 'runs/<model>-<data>-<n>'],
  ['--resume <dir>', 'goes on with the run in this folder, with its own config'],
]

/** The flags of `train`; settings left out come from the config file, or are the codec's. */
export const TrainFlags = t.type({
  model: optional(settings.model),
  depth: optional(fromText(settings.depth)),
  width: optional(fromText(settings.width)),
  activation: optional(settings.activation),
  data: optional(settings.data),
  loss: optional(settings.loss),
  epochs: optional(fromText(settings.epochs)),
  batch: optional(fromText(settings.batch)),
  lr: optional(fromText(settings.lr)),
  lrMin: optional(fromText(settings.lrMin)),
  momentum: optional(fromText(settings.momentum)),
  weightDecay: optional(fromText(settings.weightDecay)),
  measureEvery: optional(fromText(settings.measureEvery)),
  config: optional(text),
  plugin: pluginFiles,
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
    more: `A run folder holds config.json, metrics.jsonl (a line an epoch), checkpoint.safetensors, result.json.
Example: collapse train --depth 5 --width 512 --data "mnist?classes=0-4" --epochs 10`,
  })

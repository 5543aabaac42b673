// `collapse train`: trains a network into a run folder.
import type { Command } from 'commander'
import * as t from 'io-ts'
import { fromText, optional, text } from '../src/codec/field.ts'
import { settings } from '../src/codec/train-config.ts'
import {
  configLine,
  courseLines,
  type FlagLine,
  pluginFiles,
  pluginLine,
  testEveryLine,
  trainingLines,
} from './flags.ts'
import { type Context, register } from './run.ts'

const lines: ReadonlyArray<FlagLine> = [
  ['--model <name>', 'the network; collapse models lists them', 'mlp'],
  ['--depth <n>', 'of mlp: linear layers, the classifier included', '9'],
  ['--width <n>', 'of mlp: units of a hidden layer', '784'],
  ['--activation <name>', 'of mlp: relu, or an op that a plugin brings', 'relu'],
  ['--weights <file>', 'begins with weights (.safetensors, .pth, a checkpoint)', 'from scratch'],
  ['--head <what>', 'keep the classifier of the weights, or drop it for a new one', 'keep'],
  ['--size <n>', 'height and width of the images that the network takes', "the network's own"],
  [
    '--data <spec>',
    'the data set, such as cifar10, folder:PATH or mnist?classes=0-4&perClass=100&seed=1',
    'mnist for mlp, else cifar10',
  ],
  ...trainingLines,
  ['--loss <name>', 'ce or mse', 'ce'],
  ...courseLines({ epochs: '150 for mlp, else 200', batch: '128', lr: '0.1', lrMin: '0.0001' }),
  [
    '--measure-every <n>',
    'epochs between measurements of nc1 of every unit; 0: after the last only',
    '10',
  ],
  testEveryLine,
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
  weights: optional(settings.weights),
  head: optional(settings.head),
  size: optional(fromText(settings.size)),
  data: optional(settings.data),
  augment: optional(settings.augment),
  recompute: optional(settings.recompute),
  loss: optional(settings.loss),
  epochs: optional(fromText(settings.epochs)),
  batch: optional(fromText(settings.batch)),
  lr: optional(fromText(settings.lr)),
  lrMin: optional(fromText(settings.lrMin)),
  momentum: optional(fromText(settings.momentum)),
  weightDecay: optional(fromText(settings.weightDecay)),
  measureEvery: optional(fromText(settings.measureEvery)),
  testEvery: optional(fromText(settings.testEvery)),
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
Example: collapse train --depth 5 --width 512 --data "mnist?classes=0-4" --epochs 10
Example: collapse train --model resnet18-cifar --data cifar10 --augment crop-flip --epochs 200`,
  })

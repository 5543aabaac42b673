// `collapse transfer`: transfers a pre-trained network to a data set, in the paper's ways or others.
import type { Command } from 'commander'
import * as t from 'io-ts'
import { fromText, optional, text } from '../src/codec/field.ts'
import { transferSettings } from '../src/codec/transfer-config.ts'
import { configLine, type FlagLine, trainingLines } from './flags.ts'
import { networkLines } from './predict.ts'
import { type Context, register } from './run.ts'

const lines: ReadonlyArray<FlagLine> = [
  ['--from <run>', 'the network of a run of collapse train, by its folder'],
  ...networkLines,
  ['--data <spec>', 'the data set to transfer to, such as cifar10?perClass=50; see collapse data'],
  ['--size <n>', 'height and width of the images that the network takes', "the network's own"],
  ['--method <names>', 'of probe, layer, scl and full, with commas between, or all', 'all'],
  [
    '--block <numbers>',
    'fine-tuning units for layer and scl, from 1 as collapse models has them, or all',
    'all',
  ],
  ['--train <patterns>', 'one more way: these parameters and the classifier, such as layer4,*.bn1'],
  ['--exclude <patterns>', 'parameters that stay frozen in every way'],
  ['--preset <name>', 'paper or tuned: what the settings below are by default', 'tuned'],
  [
    '--bn <how>',
    "batch norm of frozen blocks: adapt or frozen; frozen blocks' outputs are then computed once",
    'paper adapt, tuned frozen',
  ],
  ...trainingLines,
  ['--epochs <n>', 'passes over the training split', 'paper 200, tuned 20'],
  ['--batch <n>', 'images in a step', 'paper 128, tuned 64'],
  [
    '--lr <x>',
    'learning rate of the first epoch; a cosine leads to --lr-min',
    'paper 0.1, tuned 0.01',
  ],
  ['--lr-min <x>', 'learning rate after the last epoch', 'paper 0.0001, tuned 0'],
  ['--momentum <x>', 'momentum of SGD', '0.9'],
  ['--weight-decay <x>', 'weight decay of SGD, on biases too', '0.0001'],
  ['--test-every <n>', 'epochs between evaluations of the test split; 0: after the last', '1'],
  ['--test-per-class <n>', 'test images of each class that are scored', 'all'],
  configLine,
  ['--out <dir>', 'folder of result.json and index.html, a page with charts'],
]

/** The flags of `transfer`; settings left out come from the config file, or are the preset's. */
export const TransferFlags = t.type({
  from: optional(transferSettings.from),
  model: optional(transferSettings.model),
  weights: optional(transferSettings.weights),
  data: optional(transferSettings.data),
  size: optional(fromText(transferSettings.size)),
  method: optional(transferSettings.method),
  block: optional(transferSettings.block),
  train: optional(transferSettings.train),
  exclude: optional(transferSettings.exclude),
  preset: optional(transferSettings.preset),
  bn: optional(transferSettings.bn),
  augment: optional(transferSettings.augment),
  recompute: optional(transferSettings.recompute),
  epochs: optional(fromText(transferSettings.epochs)),
  batch: optional(fromText(transferSettings.batch)),
  lr: optional(fromText(transferSettings.lr)),
  lrMin: optional(fromText(transferSettings.lrMin)),
  momentum: optional(fromText(transferSettings.momentum)),
  weightDecay: optional(fromText(transferSettings.weightDecay)),
  testEvery: optional(fromText(transferSettings.testEvery)),
  testPerClass: optional(fromText(transferSettings.testPerClass)),
  config: optional(text),
  out: optional(text),
})
export type TransferFlags = t.TypeOf<typeof TransferFlags>

/** Adds the command `transfer`. */
export const registerTransfer = (program: Command, context: Context): void =>
  register(
    program,
    context,
  )({
    name: 'transfer',
    summary: 'transfers a pre-trained network: probe, Layer FT, SCL FT, full FT, or other choices',
    flags: lines,
    codec: TransferFlags,
    run: async () => (await import('./transfer/run-transfer.ts')).runTransfer,
    more: `Each way begins at the same weights and sees the same batches. The classifier begins from scratch. Patterns are
of parameters' names: * is any text, and a name means all below it. Ctrl-C keeps what is finished.
Example: collapse transfer --from runs/mnist --data fashion-mnist?perClass=100 --out runs/fashion
Example: collapse transfer --model resnet18 --weights resnet18.pth --data cifar10?perClass=50 --block 1,3,5,7`,
  })

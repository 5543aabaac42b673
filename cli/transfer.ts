// `collapse transfer`: transfers a pre-trained network to a data set, in the paper's ways or others.
import type { Command } from 'commander'
import * as t from 'io-ts'
import { optional } from '../src/codec/field.ts'
import { transferSettings } from '../src/codec/transfer-config.ts'
import { downstreamFlags, presetLine, recipeLines, sourceLines } from './downstream.ts'
import { type FlagLine, trainingLines } from './flags.ts'
import { type Context, register } from './run.ts'

const lines: ReadonlyArray<FlagLine> = [
  ...sourceLines,
  ['--method <names>', 'of probe, layer, scl and full, with commas between, or all', 'all'],
  [
    '--block <numbers>',
    'fine-tuning units for layer and scl, from 1 as collapse models has them, or all',
    'all',
  ],
  ['--train <patterns>', 'one more way: these parameters and the classifier, such as layer4,*.bn1'],
  ['--exclude <patterns>', 'parameters that stay frozen in every way'],
  presetLine,
  [
    '--bn <how>',
    "batch norm of frozen blocks: adapt or frozen; frozen blocks' outputs are then computed once",
    'paper adapt, tuned frozen',
  ],
  ...trainingLines,
  ...recipeLines,
]

/** The flags of `transfer`; settings left out come from the config file, or are the preset's. */
export const TransferFlags = t.type({
  ...downstreamFlags,
  method: optional(transferSettings.method),
  block: optional(transferSettings.block),
  train: optional(transferSettings.train),
  exclude: optional(transferSettings.exclude),
  bn: optional(transferSettings.bn),
  augment: optional(transferSettings.augment),
  recompute: optional(transferSettings.recompute),
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

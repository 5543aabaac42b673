// `collapse predict`: what a network says of images.
import type { Command } from 'commander'
import * as t from 'io-ts'
import { DataSpec } from '../src/codec/data-spec.ts'
import { fromText, oneOf, optional, text, wholeFrom, withDefault } from '../src/codec/field.ts'
import type { FlagLine } from './flags.ts'
import { networkLines, runLine, sizeField, sizeLine } from './network/flags.ts'
import { type Context, register } from './run.ts'

const lines: ReadonlyArray<FlagLine> = [
  runLine,
  ...networkLines,
  sizeLine,
  [
    '--data <spec>',
    'a data set, such as cifar10 or tar:photos.tar; see collapse data',
    "with --from the run's",
  ],
  ['--split <name>', 'train or test', "the spec's, or test"],
  ['--input <file>', '.safetensors with prepared images [N, 3, H, W], in place of --data'],
  ['--head <what>', 'keep the classifier of the weights, or drop it for a new one', 'keep'],
  ['--batch <n>', 'images in a step', 'by their size'],
  ['--top <n>', 'classes named of each image', '5'],
  ['--out <file>', '.safetensors to write the logits [N, K] to'],
]

/** The flags of `predict`. */
export const PredictFlags = t.type({
  from: optional(text),
  model: optional(text),
  weights: optional(text),
  size: sizeField,
  data: optional(DataSpec),
  split: optional(oneOf(['train', 'test'])),
  input: optional(text),
  head: withDefault(oneOf(['keep', 'drop']), 'keep'),
  batch: optional(fromText(wholeFrom(1, 65536))),
  top: withDefault(fromText(wholeFrom(1, 65536)), 5),
  out: optional(text),
})
export type PredictFlags = t.TypeOf<typeof PredictFlags>

/** Adds the command `predict`. */
export const registerPredict = (program: Command, context: Context): void =>
  register(
    program,
    context,
  )({
    name: 'predict',
    summary: 'logits and classes of images, and the accuracy where labels are known',
    flags: lines,
    codec: PredictFlags,
    run: async () => (await import('./predict/run-predict.ts')).runPredict,
    more: `Images are prepared as the weights were trained, or as in the run. --json: n, accuracy, top5 and loss (null without labels),
and the --top classes of every image with their probabilities.
Example: collapse predict --model resnet20 --weights resnet20.safetensors --data cifar10
Example: collapse predict --from runs/mnist --json`,
  })

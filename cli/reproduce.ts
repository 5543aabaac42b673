// `collapse reproduce`: runs an experiment and writes its table and page.
import type { Command } from 'commander'
import * as t from 'io-ts'
import { fromText, oneOf, optional, text, wholeFrom } from '../src/codec/field.ts'
import { demoConfig } from '../src/experiments/demo-config.ts'
import type { FlagLine } from './flags.ts'
import { type Context, register } from './run.ts'

const lines: ReadonlyArray<FlagLine> = [
  ['--out <dir>', 'folder of result.json and index.html', 'runs/<what>'],
  [
    '--depth <n>',
    'linear layers of the network, the classifier included',
    String(demoConfig.depth),
  ],
  ['--width <n>', 'units of a hidden layer', String(demoConfig.width)],
  ['--epochs <n>', 'epochs of pre-training', String(demoConfig.sourceEpochs)],
  ['--transfer-epochs <n>', 'epochs of each transfer', String(demoConfig.transferEpochs)],
  [
    '--per-class <n>',
    'labelled images per class of the downstream task',
    String(demoConfig.perClass),
  ],
]

/** The flags of `reproduce`; sizes left out are the experiment's own. */
export const ReproduceFlags = t.type({
  what: oneOf(['demo']),
  out: optional(text),
  depth: optional(fromText(wholeFrom(2, 64))),
  width: optional(fromText(wholeFrom(5, 16384))),
  epochs: optional(fromText(wholeFrom(1, 10_000))),
  transferEpochs: optional(fromText(wholeFrom(1, 10_000))),
  perClass: optional(fromText(wholeFrom(2, 5421))),
})
export type ReproduceFlags = t.TypeOf<typeof ReproduceFlags>

/** Adds the command `reproduce`. */
export const registerReproduce = (program: Command, context: Context): void =>
  register(
    program,
    context,
  )({
    name: 'reproduce <what>',
    summary: "runs an experiment of the paper; 'demo': digits 0-4, transferred to 5-9",
    flags: lines,
    codec: ReproduceFlags,
    run: async () => (await import('./reproduce/run-reproduce.ts')).runReproduce,
    more: 'Example: collapse reproduce demo --out runs/demo',
  })

// `collapse probe`: a linear probe on every block's output, all of them trained in one run of the data.
import type { Command } from 'commander'
import * as t from 'io-ts'
import { optional } from '../src/codec/field.ts'
import { probeSettings } from '../src/codec/probe-config.ts'
import { downstreamFlags, presetLine, recipeLines, sourceLines } from './downstream.ts'
import type { FlagLine } from './flags.ts'
import { type Context, register } from './run.ts'

const lines: ReadonlyArray<FlagLine> = [
  ...sourceLines,
  [
    '--tokens <which>',
    "of a vision transformer's tokens: mean of all, the class token among them, or class, that alone",
    'mean',
  ],
  presetLine,
  ...recipeLines,
]

/** The flags of `probe`; settings left out come from the config file, or are the preset's. */
export const ProbeFlags = t.type({
  ...downstreamFlags,
  tokens: optional(probeSettings.tokens),
})
export type ProbeFlags = t.TypeOf<typeof ProbeFlags>

/** Adds the command `probe`. */
export const registerProbe = (program: Command, context: Context): void =>
  register(
    program,
    context,
  )({
    name: 'probe',
    summary: "a linear probe on every block's output, all trained in one run of the data",
    flags: lines,
    codec: ProbeFlags,
    run: async () => (await import('./probe/run-probe.ts')).runProbe,
    more: `Each fine-tuning unit's output, averaged over its places, and the classifier's input: accuracy of a classifier on it,
every metric of its collapse, and how nc1 and accuracy go together along the layers. The network stays frozen in evaluation
mode; features are computed once. Ctrl-C keeps the epochs that ended.
Example: collapse probe --model resnet18 --weights resnet18.pth --data cifar10?perClass=50 --out runs/layers
Example: collapse probe --from runs/mnist --data fashion-mnist?perClass=100 --preset paper --json`,
  })

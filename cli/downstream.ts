// Flags of every command that takes a pre-trained network to other data: the network, the data, how long and how fast.
import type * as t from 'io-ts'
import { presetSetting, recipeSettings, sourceSettings } from '../src/codec/downstream-config.ts'
import { fromText, optional, text } from '../src/codec/field.ts'
import { configLine, courseLines, type FlagLine, testEveryLine } from './flags.ts'
import { networkLines, runLine } from './network/flags.ts'

/** The network and the data, as help shows them. */
export const sourceLines: ReadonlyArray<FlagLine> = [
  runLine,
  ...networkLines,
  ['--data <spec>', 'the data set to transfer to, such as cifar10?perClass=50; see collapse data'],
  ['--size <n>', 'height and width of the images that the network takes', "the network's own"],
]

/** The preset, as help shows it. */
export const presetLine: FlagLine = [
  '--preset <name>',
  'paper or tuned: what the settings below are by default',
  'tuned',
]

/** How long and how fast, and where results go, as help shows them. */
export const recipeLines: ReadonlyArray<FlagLine> = [
  ...courseLines({
    epochs: 'paper 200, tuned 20',
    batch: 'paper 128, tuned 64',
    lr: 'paper 0.1, tuned 0.01',
    lrMin: 'paper 0.0001, tuned 0',
  }),
  testEveryLine,
  ['--test-per-class <n>', 'test images of each class that are scored', 'all'],
  configLine,
  ['--out <dir>', 'folder of result.json and index.html, a page with charts'],
]

/** The same decoded; settings left out come from the config file, or are the preset's. */
export const downstreamFlags = {
  from: optional(sourceSettings.from),
  model: optional(sourceSettings.model),
  weights: optional(sourceSettings.weights),
  data: optional(sourceSettings.data),
  size: optional(fromText(sourceSettings.size)),
  preset: optional(presetSetting),
  epochs: optional(fromText(recipeSettings.epochs)),
  batch: optional(fromText(recipeSettings.batch)),
  lr: optional(fromText(recipeSettings.lr)),
  lrMin: optional(fromText(recipeSettings.lrMin)),
  momentum: optional(fromText(recipeSettings.momentum)),
  weightDecay: optional(fromText(recipeSettings.weightDecay)),
  testEvery: optional(fromText(recipeSettings.testEvery)),
  testPerClass: optional(fromText(recipeSettings.testPerClass)),
  config: optional(text),
  out: optional(text),
} as const
export type DownstreamFlags = t.TypeOfProps<typeof downstreamFlags>

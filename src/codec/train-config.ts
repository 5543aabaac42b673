// The config of a training run: every setting with its default, and the one text form that is written and hashed.
import { createHash } from 'node:crypto'
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as t from 'io-ts'
import { closed } from './closed.ts'
import { DataSpec } from './data-spec.ts'
import {
  field,
  fraction,
  notNegative,
  oneOf,
  positive,
  text,
  wholeFrom,
  withDefault,
} from './field.ts'

/** The networks that can be trained. */
export const models = ['mlp'] as const

/** The losses that can be trained with. */
export const losses = ['ce', 'mse'] as const

const mnist: DataSpec = {
  name: 'mnist',
  path: null,
  classes: null,
  perClass: null,
  seed: null,
  split: null,
}

/** Training takes both splits, so its data set is named without one. */
const bothSplits = new t.Type<DataSpec, string, unknown>(
  DataSpec.name,
  (u): u is DataSpec => DataSpec.is(u) && u.split === null,
  (u, c) =>
    pipe(
      DataSpec.validate(u, c),
      E.chain(spec =>
        spec.split === null
          ? t.success(spec)
          : t.failure(u, c, `split=${spec.split} is given, but training takes both splits`),
      ),
    ),
  DataSpec.encode,
)

const versionOne = field<1>('1', (u): u is 1 => u === 1)

/** The settings of a run by themselves, without defaults, for flags too. */
export const settings = {
  model: oneOf(models),
  depth: wholeFrom(2, 1000),
  width: wholeFrom(1, 65536),
  activation: text,
  data: bothSplits,
  loss: oneOf(losses),
  epochs: wholeFrom(1, 1_000_000),
  batch: wholeFrom(1, 65536),
  lr: positive,
  lrMin: notNegative,
  momentum: fraction,
  weightDecay: notNegative,
  measureEvery: wholeFrom(0),
} as const

/** A file that holds one config: its fields, their limits and defaults. The paper's recipe for its MLP is the default. */
export const TrainConfig = closed(
  {
    version: versionOne,
    model: withDefault(settings.model, 'mlp'),
    depth: withDefault(settings.depth, 9),
    width: withDefault(settings.width, 784),
    activation: withDefault(settings.activation, 'relu'),
    data: withDefault(settings.data, mnist),
    loss: withDefault(settings.loss, 'ce'),
    epochs: withDefault(settings.epochs, 150),
    batch: withDefault(settings.batch, 128),
    lr: withDefault(settings.lr, 0.1),
    lrMin: withDefault(settings.lrMin, 1e-4),
    momentum: withDefault(settings.momentum, 0.9),
    weightDecay: withDefault(settings.weightDecay, 1e-4),
    measureEvery: withDefault(settings.measureEvery, 10),
    seed: withDefault(wholeFrom(0, 2 ** 32 - 1), 0),
    plugins: withDefault(t.readonlyArray(text), []),
  },
  'a config of collapse train',
)
export type TrainConfig = t.TypeOf<typeof TrainConfig>

/** The config as JSON text, complete and in a fixed order: equal configs give equal text. */
export const showTrainConfig = (config: TrainConfig): string =>
  `${JSON.stringify(TrainConfig.encode(config), TrainConfig.keys, 2)}\n`

/** A short name of a config: the first 16 hex digits of the sha256 of its text. */
export const hashTrainConfig = (config: TrainConfig): string =>
  createHash('sha256').update(showTrainConfig(config)).digest('hex').slice(0, 16)

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

/** The losses that can be trained with. */
export const losses = ['ce', 'mse'] as const

/** How training images are varied: not at all, or by a random crop out of a margin of 4 pixels and a flip. */
export const augmentations = ['none', 'crop-flip'] as const

/** What the backward pass computes again instead of keeping it. */
export const recomputes = ['none', 'cheap', 'blocks'] as const

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
  model: text,
  depth: wholeFrom(2, 1000),
  width: wholeFrom(1, 65536),
  activation: text,
  weights: text,
  head: oneOf(['keep', 'drop']),
  size: wholeFrom(1, 4096),
  data: bothSplits,
  augment: oneOf(augmentations),
  recompute: oneOf(recomputes),
  loss: oneOf(losses),
  epochs: wholeFrom(1, 1_000_000),
  batch: wholeFrom(1, 65536),
  lr: positive,
  lrMin: notNegative,
  momentum: fraction,
  weightDecay: notNegative,
  measureEvery: wholeFrom(0),
  testEvery: wholeFrom(0),
} as const

/** The same codec with null for a setting that the network does not have. */
const orNull = <A, O>(codec: t.Type<A, O, unknown>): t.Type<A | null, O | null, unknown> =>
  new t.Type<A | null, O | null, unknown>(
    codec.name,
    (u): u is A | null => u === null || codec.is(u),
    (u, c) => (u === null || u === undefined ? t.success(null) : codec.validate(u, c)),
    a => (a === null ? null : codec.encode(a)),
  )

const Fields = closed(
  {
    version: versionOne,
    model: withDefault(settings.model, 'mlp'),
    depth: orNull(settings.depth),
    width: orNull(settings.width),
    activation: orNull(settings.activation),
    weights: orNull(settings.weights),
    head: orNull(settings.head),
    size: orNull(settings.size),
    data: settings.data,
    augment: withDefault(settings.augment, 'none'),
    recompute: withDefault(settings.recompute, 'none'),
    loss: withDefault(settings.loss, 'ce'),
    epochs: settings.epochs,
    batch: withDefault(settings.batch, 128),
    lr: withDefault(settings.lr, 0.1),
    lrMin: withDefault(settings.lrMin, 1e-4),
    momentum: withDefault(settings.momentum, 0.9),
    weightDecay: withDefault(settings.weightDecay, 1e-4),
    measureEvery: withDefault(settings.measureEvery, 10),
    testEvery: withDefault(settings.testEvery, 1),
    seed: withDefault(wholeFrom(0, 2 ** 32 - 1), 0),
    plugins: withDefault(t.readonlyArray(text), []),
  },
  'a config of collapse train',
)
export type TrainConfig = t.TypeOf<typeof Fields>

const MLP = 'mlp'

/** The paper's recipe for its MLP, and for its convolutional networks. */
const defaultsOf = (model: unknown): Readonly<Record<string, unknown>> =>
  model === MLP
    ? { depth: 9, width: 784, activation: 'relu', data: 'mnist', epochs: 150 }
    : { data: 'cifar10', epochs: 200 }

const isRecord = (u: unknown): u is Readonly<Record<string, unknown>> =>
  typeof u === 'object' && u !== null && !Array.isArray(u)

/** Fills in what depends on other settings. */
const filled = (u: unknown): unknown => {
  if (!isRecord(u)) return u
  const model = u.model ?? MLP
  const head = typeof u.weights === 'string' ? { head: 'keep' } : {}
  const given = Object.entries(u).filter(([, value]) => value !== undefined && value !== null)
  return { ...defaultsOf(model), ...head, ...Object.fromEntries(given) }
}

type Unfit = readonly [setting: keyof typeof settings, why: string]

/** The first setting that another one rules out. */
const unfit = (config: TrainConfig): Unfit | undefined => {
  const { model, depth, width, activation, weights, head, size } = config
  const other = model !== MLP
  const all: ReadonlyArray<readonly [boolean, ...Unfit]> = [
    [other && depth !== null, 'depth', `is for mlp only, not for ${model}`],
    [other && width !== null, 'width', `is for mlp only, not for ${model}`],
    [other && activation !== null, 'activation', `is for mlp only, not for ${model}`],
    [!other && size !== null, 'size', 'mlp takes images of any size as they are'],
    [weights === null && head !== null, 'head', 'is of the weights, and there are none'],
  ]
  const found = all.find(([holds]) => holds)
  return found === undefined ? undefined : [found[1], found[2]]
}

const fitting = (config: TrainConfig, c: t.Context): t.Validation<TrainConfig> => {
  const wrong = unfit(config)
  if (wrong === undefined) return t.success(config)
  const [key, why] = wrong
  return t.failure(config[key], t.appendContext(c, key, settings[key], config[key]), why)
}

/**
 * A file that holds one config: its fields, their limits and defaults. The paper's recipe is the default: of its MLP
 * where no network is named. Settings that a network does not have are null.
 */
export const TrainConfig = new t.Type<TrainConfig, t.OutputOf<typeof Fields>, unknown>(
  Fields.name,
  Fields.is,
  (u, c) =>
    pipe(
      Fields.validate(filled(u), c),
      E.chain(config => fitting(config, c)),
    ),
  Fields.encode,
)

/** The config as JSON text, complete and in a fixed order: equal configs give equal text. */
export const showTrainConfig = (config: TrainConfig): string =>
  `${JSON.stringify(TrainConfig.encode(config), Fields.keys, 2)}\n`

/** A short name of a config: the first 16 hex digits of the sha256 of its text. */
export const hashTrainConfig = (config: TrainConfig): string =>
  createHash('sha256').update(showTrainConfig(config)).digest('hex').slice(0, 16)

// What every config says that takes a pre-trained network to other data: whose network, which data, how long and fast.
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as t from 'io-ts'
import { field, oneOf, text, wholeFrom, withDefault } from './field.ts'
import { settings as trainSettings } from './train-config.ts'

/** The network and the data, for flags too. */
export const sourceSettings = {
  from: text,
  model: text,
  weights: text,
  data: trainSettings.data,
  size: trainSettings.size,
} as const

/** How steps are made, for flags too. */
export const recipeSettings = {
  epochs: trainSettings.epochs,
  batch: trainSettings.batch,
  lr: trainSettings.lr,
  lrMin: trainSettings.lrMin,
  momentum: trainSettings.momentum,
  weightDecay: trainSettings.weightDecay,
  testEvery: trainSettings.testEvery,
  testPerClass: wholeFrom(1),
} as const

/** The names of the presets. */
export const presetSetting = oneOf(['paper', 'tuned'])
export type Preset = t.TypeOf<typeof presetSetting>

/** Settings that a preset sets. */
export type Presets = Readonly<Record<Preset, Readonly<Record<string, unknown>>>>

const common = { momentum: 0.9, weightDecay: 1e-4, testEvery: 1 }

/** The recipe of the paper; a tenth of its learning rate and of its epochs (docs/transfer.md says why). */
export const recipePresets: Presets = {
  paper: { ...common, epochs: 200, batch: 128, lr: 0.1, lrMin: 1e-4 },
  tuned: { ...common, epochs: 20, batch: 64, lr: 0.01, lrMin: 0 },
}

/** The same codec, for which null, or nothing, is a value too. */
export const orNull = <A, O>(codec: t.Type<A, O, unknown>): t.Type<A | null, O | null, unknown> =>
  new t.Type<A | null, O | null, unknown>(
    codec.name,
    (u): u is A | null => u === null || codec.is(u),
    (u, c) => (u === null || u === undefined ? t.success(null) : codec.validate(u, c)),
    a => (a === null ? null : codec.encode(a)),
  )

/** Fields of a config, before its own. */
export const sourceFields = {
  version: field<1>('1', (u): u is 1 => u === 1),
  from: orNull(sourceSettings.from),
  model: orNull(sourceSettings.model),
  weights: orNull(sourceSettings.weights),
  data: sourceSettings.data,
  size: orNull(sourceSettings.size),
} as const

/** Fields of a config, behind its own. */
export const recipeFields = {
  ...recipeSettings,
  testPerClass: orNull(recipeSettings.testPerClass),
  seed: withDefault(wholeFrom(0, 2 ** 32 - 1), 0),
} as const

/** The part of a config that names the network. */
export interface SourceChoice {
  readonly from: string | null
  readonly model: string | null
  readonly weights: string | null
}

const wrongSource = ({ from, model, weights }: SourceChoice) =>
  from === null
    ? model === null
      ? (['model', 'give the network, or --from a run of collapse train'] as const)
      : weights === null
        ? (['weights', 'give the weights of the network'] as const)
        : undefined
    : model !== null || weights !== null
      ? (['from', 'a run has its network and weights: leave --model and --weights out'] as const)
      : undefined

const fitting = <C extends SourceChoice>(config: C, c: t.Context): t.Validation<C> => {
  const wrong = wrongSource(config)
  if (wrong === undefined) return t.success(config)
  const [key, why] = wrong
  const at = t.appendContext(c, key, sourceSettings[key], config[key])
  return t.failure(config[key], at, why)
}

const isRecord = (u: unknown): u is Readonly<Record<string, unknown>> =>
  typeof u === 'object' && u !== null && !Array.isArray(u)

/**
 * The codec of a config with exactly one source: settings left out are its preset's, and before that those that `start`
 * finds for it.
 */
export const downstreamConfig = <C extends SourceChoice, O>(
  fields: t.Type<C, O, unknown>,
  presets: Presets,
  start: (given: Readonly<Record<string, unknown>>) => object = () => ({}),
): t.Type<C, O, unknown> => {
  const filled = (u: unknown): unknown => {
    if (!isRecord(u)) return u
    const preset: Preset = u.preset === 'paper' ? 'paper' : 'tuned'
    const given = Object.entries(u).filter(([, value]) => value !== undefined && value !== null)
    return { ...start(u), preset, ...presets[preset], ...Object.fromEntries(given) }
  }
  return new t.Type<C, O, unknown>(
    fields.name,
    fields.is,
    (u, c) =>
      pipe(
        fields.validate(filled(u), c),
        E.chain(config => fitting(config, c)),
      ),
    fields.encode,
  )
}

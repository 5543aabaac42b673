// The config of `collapse transfer`: every setting with its default, and the two presets.
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as t from 'io-ts'
import { closed, suggestion } from './closed.ts'
import { field, oneOf, text, wholeFrom, withDefault } from './field.ts'
import { settings as trainSettings } from './train-config.ts'

/** The paper's four ways, in its order. */
export const transferMethods = ['probe', 'layer', 'scl', 'full'] as const
export type TransferMethod = (typeof transferMethods)[number]

const isStrings = (u: unknown): u is ReadonlyArray<string> =>
  Array.isArray(u) && u.every(word => typeof word === 'string')

/** Words of a list such as `a,b`, in a file an array too. */
const wordsOf = (u: unknown): ReadonlyArray<string> | null =>
  typeof u === 'string'
    ? u
        .split(',')
        .map(word => word.trim())
        .filter(word => word !== '')
    : Array.isArray(u) && u.every(one => typeof one === 'string' || typeof one === 'number')
      ? u.map(String)
      : null

const isMethod = (word: string): word is TransferMethod => transferMethods.some(m => m === word)

const methodList = `a list of ${transferMethods.join(', ')}, or all`

/** Methods in the paper's order, each once; `all` is all of them. */
const Methods = new t.Type<ReadonlyArray<TransferMethod>, ReadonlyArray<string>, unknown>(
  methodList,
  (u): u is ReadonlyArray<TransferMethod> => isStrings(u) && u.every(isMethod),
  (u, c) => {
    const words = wordsOf(u)
    if (words === null) return t.failure(u, c, `must be ${methodList}`)
    const wrong = words.find(word => word !== 'all' && !isMethod(word))
    return wrong === undefined
      ? t.success(transferMethods.filter(m => words.includes('all') || words.includes(m)))
      : t.failure(
          u,
          c,
          `unknown method '${wrong}' (${suggestion(wrong, [...transferMethods, 'all'])})`,
        )
  },
  methods => methods,
)

const blockList = 'a list of unit numbers such as 1,3,5, or all'

/** Numbers of fine-tuning units, from 1, in ascending order and each once; null is all of them. */
const Blocks = new t.Type<ReadonlyArray<number> | null, ReadonlyArray<number> | string, unknown>(
  blockList,
  (u): u is ReadonlyArray<number> | null =>
    u === null || (Array.isArray(u) && u.every(n => Number.isInteger(n) && n > 0)),
  (u, c) => {
    const words = wordsOf(u)
    if (words?.length === 1 && words[0] === 'all') return t.success(null)
    return words === null || words.length === 0 || !words.every(word => /^[1-9]\d{0,5}$/.test(word))
      ? t.failure(u, c, `must be ${blockList}`)
      : t.success([...new Set(words.map(Number))].sort((a, b) => a - b))
  },
  blocks => blocks ?? 'all',
)

/** Patterns of parameters' paths, at least one. */
const Patterns = new t.Type<ReadonlyArray<string>, ReadonlyArray<string>, unknown>(
  "a list of patterns of parameters' names, such as layer4,*.bn1",
  isStrings,
  (u, c) => {
    const words = wordsOf(u)
    return words === null || words.length === 0
      ? t.failure(u, c, "must be a list of patterns of parameters' names, such as layer4,*.bn1")
      : t.success(words)
  },
  patterns => patterns,
)

/** The settings by themselves, without defaults, for flags too. */
export const transferSettings = {
  from: text,
  model: text,
  weights: text,
  data: trainSettings.data,
  size: trainSettings.size,
  method: Methods,
  block: Blocks,
  train: Patterns,
  exclude: Patterns,
  preset: oneOf(['paper', 'tuned']),
  bn: oneOf(['adapt', 'frozen']),
  augment: trainSettings.augment,
  recompute: trainSettings.recompute,
  epochs: trainSettings.epochs,
  batch: trainSettings.batch,
  lr: trainSettings.lr,
  lrMin: trainSettings.lrMin,
  momentum: trainSettings.momentum,
  weightDecay: trainSettings.weightDecay,
  testEvery: trainSettings.testEvery,
  testPerClass: wholeFrom(1),
} as const

type Preset = t.TypeOf<typeof transferSettings.preset>

const common = { momentum: 0.9, weightDecay: 1e-4, testEvery: 1 }

/**
 * What a preset sets. `paper`: the recipe of the paper, batch norms adapting. `tuned`: frozen outputs are computed once, a
 * tenth of the learning rate, a tenth of the epochs (docs/transfer.md says why).
 */
export const presets: Readonly<Record<Preset, Readonly<Record<string, unknown>>>> = {
  paper: { ...common, bn: 'adapt', epochs: 200, batch: 128, lr: 0.1, lrMin: 1e-4 },
  tuned: { ...common, bn: 'frozen', epochs: 20, batch: 64, lr: 0.01, lrMin: 0 },
}

const orNull = <A, O>(codec: t.Type<A, O, unknown>): t.Type<A | null, O | null, unknown> =>
  new t.Type<A | null, O | null, unknown>(
    codec.name,
    (u): u is A | null => u === null || codec.is(u),
    (u, c) => (u === null || u === undefined ? t.success(null) : codec.validate(u, c)),
    a => (a === null ? null : codec.encode(a)),
  )

const Fields = closed(
  {
    version: field<1>('1', (u): u is 1 => u === 1),
    from: orNull(transferSettings.from),
    model: orNull(transferSettings.model),
    weights: orNull(transferSettings.weights),
    data: transferSettings.data,
    size: orNull(transferSettings.size),
    method: transferSettings.method,
    block: withDefault(transferSettings.block, null),
    train: orNull(transferSettings.train),
    exclude: orNull(transferSettings.exclude),
    preset: transferSettings.preset,
    bn: transferSettings.bn,
    augment: withDefault(transferSettings.augment, 'none'),
    recompute: withDefault(transferSettings.recompute, 'none'),
    epochs: transferSettings.epochs,
    batch: transferSettings.batch,
    lr: transferSettings.lr,
    lrMin: transferSettings.lrMin,
    momentum: transferSettings.momentum,
    weightDecay: transferSettings.weightDecay,
    testEvery: transferSettings.testEvery,
    testPerClass: orNull(transferSettings.testPerClass),
    seed: withDefault(wholeFrom(0, 2 ** 32 - 1), 0),
  },
  'a config of collapse transfer',
)
export type TransferConfig = t.TypeOf<typeof Fields>

const isRecord = (u: unknown): u is Readonly<Record<string, unknown>> =>
  typeof u === 'object' && u !== null && !Array.isArray(u)

/** Fills in the preset, and all four methods where nothing says what is to train. */
const filled = (u: unknown): unknown => {
  if (!isRecord(u)) return u
  const preset: Preset = u.preset === 'paper' ? 'paper' : 'tuned'
  const given = Object.entries(u).filter(([, value]) => value !== undefined && value !== null)
  const method = typeof u.train === 'string' || Array.isArray(u.train) ? [] : 'all'
  return { method, preset, ...presets[preset], ...Object.fromEntries(given) }
}

const wrongSource = ({ from, model, weights }: TransferConfig) =>
  from === null
    ? model === null
      ? (['model', 'give the network, or --from a run of collapse train'] as const)
      : weights === null
        ? (['weights', 'give the weights of the network'] as const)
        : undefined
    : model !== null || weights !== null
      ? (['from', 'a run has its network and weights: leave --model and --weights out'] as const)
      : undefined

const fitting = (config: TransferConfig, c: t.Context): t.Validation<TransferConfig> => {
  const wrong = wrongSource(config)
  if (wrong === undefined) return t.success(config)
  const [key, why] = wrong
  const at = t.appendContext(c, key, transferSettings[key], config[key])
  return t.failure(config[key], at, why)
}

/** A file that holds one config of `collapse transfer`: its fields, their limits, and a preset for those left out. */
export const TransferConfig = new t.Type<TransferConfig, t.OutputOf<typeof Fields>, unknown>(
  Fields.name,
  Fields.is,
  (u, c) =>
    pipe(
      Fields.validate(filled(u), c),
      E.chain(config => fitting(config, c)),
    ),
  Fields.encode,
)

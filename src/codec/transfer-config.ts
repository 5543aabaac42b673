// The config of `collapse transfer`: every setting with its default, and the two presets.
import * as t from 'io-ts'
import { closed, suggestion } from './closed.ts'
import {
  downstreamConfig,
  orNull,
  type Presets,
  presetSetting,
  recipeFields,
  recipePresets,
  recipeSettings,
  sourceFields,
  sourceSettings,
} from './downstream-config.ts'
import { oneOf, withDefault } from './field.ts'
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
  ...sourceSettings,
  method: Methods,
  block: Blocks,
  train: Patterns,
  exclude: Patterns,
  preset: presetSetting,
  bn: oneOf(['adapt', 'frozen']),
  augment: trainSettings.augment,
  recompute: trainSettings.recompute,
  ...recipeSettings,
} as const

/**
 * What a preset sets. `paper`: the recipe of the paper, batch norms adapting. `tuned`: frozen outputs are computed once, a
 * tenth of the learning rate, a tenth of the epochs (docs/transfer.md says why).
 */
export const presets: Presets = {
  paper: { bn: 'adapt', ...recipePresets.paper },
  tuned: { bn: 'frozen', ...recipePresets.tuned },
}

const Fields = closed(
  {
    ...sourceFields,
    method: transferSettings.method,
    block: withDefault(transferSettings.block, null),
    train: orNull(transferSettings.train),
    exclude: orNull(transferSettings.exclude),
    preset: transferSettings.preset,
    bn: transferSettings.bn,
    augment: withDefault(transferSettings.augment, 'none'),
    recompute: withDefault(transferSettings.recompute, 'none'),
    ...recipeFields,
  },
  'a config of collapse transfer',
)
export type TransferConfig = t.TypeOf<typeof Fields>

/** All four methods where nothing says what is to train. */
const methodsOf = ({ train }: Readonly<Record<string, unknown>>): object => ({
  method: typeof train === 'string' || Array.isArray(train) ? [] : 'all',
})

/** A file that holds one config of `collapse transfer`: its fields, their limits, and a preset for those left out. */
export const TransferConfig = downstreamConfig(Fields, presets, methodsOf)

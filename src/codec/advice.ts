// The result of `collapse advise`, and its budget: the codecs of what it prints and writes.
import * as t from 'io-ts'
import { closed } from './closed.ts'
import { DataSpec } from './data-spec.ts'
import { DeviceFacts } from './device-facts.ts'
import { field, oneOf } from './field.ts'

/** What a unit's tuning may cost. */
export const budgetNames = ['params', 'bytes', 'seconds'] as const

/** A kind of cost, and its limit where there is one: parameters, bytes, or seconds an epoch. */
export interface Budget {
  readonly of: (typeof budgetNames)[number]
  readonly limit: number | null
}

const sizes: Readonly<Record<string, number>> = { '': 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 }

const budgetWants = `one of ${budgetNames.join(', ')}, or with a limit such as params=1e6 or bytes=512MiB`

const parseBudget = (text: string): Budget | null => {
  const [name = '', limit, ...more] = text.split('=')
  const of = budgetNames.find(known => known === name)
  if (of === undefined || more.length > 0) return null
  if (limit === undefined) return { of, limit: null }
  const [, digits, unit = ''] = /^([\d.]+(?:e\d+)?)([KMG]iB)?$/.exec(limit) ?? []
  const value = Number(digits) * (sizes[unit] ?? Number.NaN)
  return value > 0 && Number.isFinite(value) && (unit === '' || of === 'bytes')
    ? { of, limit: value }
    : null
}

/** A budget as text: `params`, `bytes=512MiB`, `seconds=30`. */
export const Budget = new t.Type<Budget, string, unknown>(
  budgetWants,
  (u): u is Budget => typeof u === 'object' && u !== null && 'of' in u && 'limit' in u,
  (u, c) => {
    const parsed = typeof u === 'string' ? parseBudget(u) : null
    return parsed === null ? t.failure(u, c, `must be ${budgetWants}`) : t.success(parsed)
  },
  ({ of, limit }) => (limit === null ? of : `${of}=${limit}`),
)

const orNull = <A, O>(codec: t.Type<A, O, unknown>) => t.union([codec, t.null])
const number = field<number>('a number', (u): u is number => typeof u === 'number')
const maybe = orNull(number)

/** A value with its 95 % interval. */
const Estimate = t.strict({ value: number, low: number, high: number })
export type Estimate = t.TypeOf<typeof Estimate>

/** What tuning costs: trained `parameters` and their `percent` of all, planned `bytes` on the device, operations of a
 * step, estimated seconds an epoch; `cached` where the frozen part's outputs are computed once beforehand. */
const Cost = t.strict({
  parameters: number,
  percent: number,
  bytes: number,
  stepFlops: number,
  secondsPerEpoch: number,
  cached: t.boolean,
})
export type Cost = t.TypeOf<typeof Cost>

/** What tuning reached in --verify: accuracies are shares on the test split. */
const Reached = t.strict({
  testAccuracy: number,
  penultimateNc1: maybe,
  seconds: number,
})
export type Reached = t.TypeOf<typeof Reached>

/** A layer's scores: `unit` from 1, null for the classifier's input, whose cost is the linear probe's. */
const LayerAdvice = t.strict({
  layer: t.string,
  unit: maybe,
  d: number,
  nc1: orNull(Estimate),
  /** nc1 that isotropic features without structure have, and that these have with shuffled labels. */
  nullNc1: maybe,
  shuffledNc1: maybe,
  nearestMean: maybe,
  probe: orNull(Estimate),
  probeTrain: maybe,
  logme: maybe,
  hScore: maybe,
  cost: Cost,
  reached: orNull(Reached),
})
export type LayerAdvice = t.TypeOf<typeof LayerAdvice>

const Scores = t.strict({ nearestMean: maybe, probe: maybe, logme: maybe, hScore: maybe })

const NetworkAdvice = t.strict({
  model: t.string,
  weights: t.string,
  input: t.readonlyArray(number),
  parameters: number,
  width: number,
  /** LEEP of the network's own classifier, null where it has none. */
  leep: maybe,
  layers: t.readonlyArray(LayerAdvice),
  /** Units by number: what to tune first, second and so on; those that nc1 does not tell from the best; those over budget. */
  order: t.readonlyArray(number),
  tied: t.readonlyArray(number),
  over: t.readonlyArray(number),
  /** The best unit of each score, and Spearman's correlation of each with -nc1 over units. */
  favourites: t.strict({
    nc1: maybe,
    nearestMean: maybe,
    probe: maybe,
    logme: maybe,
    hScore: maybe,
  }),
  agreement: Scores,
  /** Spearman's correlation of each score, -nc1 among them, with the accuracy that tuning reached, over units. */
  foretold: orNull(
    t.strict({ nc1: maybe, nearestMean: maybe, probe: maybe, logme: maybe, hScore: maybe }),
  ),
  said: t.readonlyArray(t.string),
})
export type NetworkAdvice = t.TypeOf<typeof NetworkAdvice>

const Across = t.strict({
  /** Networks by name, best first, by the held-out accuracy of a probe on their features; and by nc1, LogME, H-score. */
  order: t.readonlyArray(t.string),
  tied: t.readonlyArray(t.string),
  byNc1: t.readonlyArray(t.string),
  said: t.readonlyArray(t.string),
})

/** Everything that `collapse advise` found. `images.used` were scored, of a training split of `of`. */
export const Advice = closed(
  {
    version: field<1>('1', (u): u is 1 => u === 1),
    data: DataSpec,
    seed: number,
    budget: orNull(Budget),
    images: t.strict({ used: number, of: number, classes: number, perClass: orNull(number) }),
    batch: number,
    device: DeviceFacts,
    /** Operations a second in the forward pass, by which seconds are estimated; by network. */
    flopsPerSecond: t.readonlyArray(number),
    verify: orNull(
      t.strict({
        epochs: number,
        lr: number,
        train: number,
        test: number,
        batchNorm: oneOf(['frozen']),
      }),
    ),
    networks: t.readonlyArray(NetworkAdvice),
    across: orNull(Across),
  },
  'a result of collapse advise',
)
export type Advice = t.TypeOf<typeof Advice>

// Ends and ticks of axes, chosen from the data so that pictures beside each other can share them.

/** The ends of an axis and where its labels stand. */
export interface Scale {
  readonly kind: 'linear' | 'log'
  readonly low: number
  readonly high: number
  readonly ticks: ReadonlyArray<number>
}

const tidy = (x: number): number => Number(x.toPrecision(12))

const range = (from: number, to: number): ReadonlyArray<number> =>
  Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i)

/** The largest of 1, 2 and 5 times a power of ten that is at most `x`. */
const below = (x: number): number => {
  const power = 10 ** Math.floor(Math.log10(x))
  return tidy(power * ([5, 2].find(step => step * power <= x * (1 + 1e-9)) ?? 1))
}

const above = (x: number): number => tidy(1 / below(1 / x))

/** A log scale over the positive numbers among the values: decades, or 1-2-5 steps where there are fewer than two. */
export const logScale = (values: ReadonlyArray<number>): Scale => {
  const positive = values.filter(x => Number.isFinite(x) && x > 0)
  const [least, most] =
    positive.length > 0 ? [Math.min(...positive), Math.max(...positive)] : [1, 1]
  const [low, high] = [below(least / 1.05), above(most * 1.05)]
  const powers = range(Math.floor(Math.log10(low)), Math.ceil(Math.log10(high))).map(p => 10 ** p)
  const steps = high / low < 100 ? [1, 2, 5] : [1]
  const every = Math.ceil(powers.length / 7)
  const ticks = powers
    .filter((_, i) => i % every === 0)
    .flatMap(power => steps.map(step => tidy(step * power)))
    .filter(tick => tick >= low && tick <= high)
  return { kind: 'log', low, high, ticks }
}

/** A linear scale a little wider than the finite values, about five ticks in 1-2-5 steps, kept within [floor, ceiling]. */
export const linearScale = (
  values: ReadonlyArray<number>,
  floor = Number.NEGATIVE_INFINITY,
  ceiling = Number.POSITIVE_INFINITY,
): Scale => {
  const finite = values.filter(Number.isFinite)
  const [least, most] = finite.length > 0 ? [Math.min(...finite), Math.max(...finite)] : [0, 1]
  const size = Math.max(Math.abs(least), Math.abs(most))
  const flat = most - least <= 1e-6 * size
  const span = flat ? size / 10 || 1 : most - least
  const margin = flat ? span / 2 : span / 10
  const step = above(span / 5)
  const low = Math.max(floor, tidy(least - margin))
  const high = Math.min(ceiling, tidy(most + margin))
  const ticks = range(Math.ceil(low / step - 1e-9), Math.floor(high / step + 1e-9))
  return { kind: 'linear', low, high, ticks: ticks.map(i => tidy(i * step)) }
}

/** Where a value lies between the ends of a scale, as a share. */
export const place = ({ kind, low, high }: Scale, x: number): number =>
  kind === 'log' ? Math.log(x / low) / Math.log(high / low) : (x - low) / (high - low)

/** The value at a share between the ends: the inverse of `place`. */
export const valueAt = ({ kind, low, high }: Scale, share: number): number =>
  kind === 'log' ? low * (high / low) ** share : low + share * (high - low)

/** Whether a scale can show a value at all. */
export const shows = ({ kind }: Scale, x: number): boolean =>
  Number.isFinite(x) && (kind === 'linear' || x > 0)

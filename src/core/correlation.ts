// Pearson's, Spearman's and Kendall's correlation and the least-squares line, on plain arrays.

interface Centred {
  readonly mean: number
  /** Deviations from the mean over their largest size, so that squares neither overflow nor vanish. */
  readonly unit: ReadonlyArray<number>
  readonly scale: number
}

const centre = (xs: ReadonlyArray<number>): Centred => {
  const mean = xs.reduce((sum, x) => sum + x / xs.length, 0)
  const scale = xs.reduce((most, x) => Math.max(most, Math.abs(x - mean)), 0)
  return { mean, scale, unit: xs.map(x => (x - mean) / scale) }
}

const dot = (xs: ReadonlyArray<number>, ys: ReadonlyArray<number>): number =>
  xs.reduce((sum, x, i) => sum + x * (ys[i] ?? 0), 0)

const usable = (xs: ReadonlyArray<number>, ys: ReadonlyArray<number>): boolean =>
  xs.length === ys.length && xs.length >= 3 && [...xs, ...ys].every(Number.isFinite)

const varies = (xs: ReadonlyArray<number>): boolean => xs.some(x => x !== xs[0])

/** Pearson's r in [-1, 1]; null with fewer than 3 points, unequal lengths, a number that is not finite, or no spread. */
export const pearson = (xs: ReadonlyArray<number>, ys: ReadonlyArray<number>): number | null => {
  if (!usable(xs, ys) || !varies(xs) || !varies(ys)) return null
  const [x, y] = [centre(xs).unit, centre(ys).unit]
  const r = dot(x, y) / Math.sqrt(dot(x, x) * dot(y, y))
  return Number.isFinite(r) ? Math.max(-1, Math.min(1, r)) : null
}

/** Ranks from 1; equal numbers share the mean of their ranks. */
export const ranks = (xs: ReadonlyArray<number>): ReadonlyArray<number> => {
  const sorted = [...xs].sort((a, b) => a - b)
  const mean = new Map<number, number>()
  sorted.forEach((x, i) => {
    if (x !== sorted[i - 1]) mean.set(x, (i + 1 + sorted.lastIndexOf(x) + 1) / 2)
  })
  return xs.map(x => mean.get(x) ?? Number.NaN)
}

/** Spearman's rho: Pearson's r of the ranks, ties by their mean rank; null under the same conditions. */
export const spearman = (xs: ReadonlyArray<number>, ys: ReadonlyArray<number>): number | null =>
  usable(xs, ys) ? pearson(ranks(xs), ranks(ys)) : null

/** Kendall's tau-b: pairs in the same order less pairs in the opposite one, over the geometric mean of
 * the pairs untied in xs and in ys; null under the same conditions. */
export const kendall = (xs: ReadonlyArray<number>, ys: ReadonlyArray<number>): number | null => {
  if (!usable(xs, ys) || !varies(xs) || !varies(ys)) return null
  const sign = (zs: ReadonlyArray<number>, i: number, j: number): number =>
    Math.sign((zs[i] ?? 0) - (zs[j] ?? 0))
  let [agreed, ofX, ofY] = [0, 0, 0]
  for (let i = 0; i < xs.length; i++) {
    for (let j = 0; j < i; j++) {
      const [x, y] = [sign(xs, i, j), sign(ys, i, j)]
      agreed += x * y
      ofX += x * x
      ofY += y * y
    }
  }
  return agreed / Math.sqrt(ofX * ofY)
}

/** A least-squares line; `r2` is the share of the variance of y that it explains. */
export interface Line {
  readonly slope: number
  readonly intercept: number
  readonly r2: number
}

/** The least-squares line of ys on xs; null where Pearson's r is. */
export const fitLine = (xs: ReadonlyArray<number>, ys: ReadonlyArray<number>): Line | null => {
  const r = pearson(xs, ys)
  if (r === null) return null
  const [x, y] = [centre(xs), centre(ys)]
  const slope = (dot(x.unit, y.unit) / dot(x.unit, x.unit)) * (y.scale / x.scale)
  return { slope, intercept: y.mean - slope * x.mean, r2: r * r }
}

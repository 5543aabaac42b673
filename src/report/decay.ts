// How a metric goes down from layer to layer.
import { fitLine, type Line } from '../core/correlation.ts'

/** At how many of the steps from one value to the next it falls. */
export const falls = (xs: ReadonlyArray<number>): number =>
  xs.slice(1).filter((x, i) => x < (xs[i] ?? Number.NaN)).length

/** The least-squares line of log10 of the values on their place; null for fewer than 3, or where one is not positive. */
export const decay = (xs: ReadonlyArray<number>): Line | null =>
  fitLine(
    xs.map((_, i) => i),
    xs.map(Math.log10),
  )

/** The line in words: `The fitted line multiplies nc1 by 0.8 per layer; R² is 0.95.` */
export const decayInWords = ({ slope, r2 }: Line, written: (x: number) => string): string =>
  `The fitted line multiplies nc1 by ${written(10 ** slope)} per layer; R² is ${r2.toFixed(2)}.`

// The features of closed form whose metrics are known to ten digits, and those digits.
import type { Classifier } from '../../src/collapse/features.ts'
import type { Sample } from './features.ts'

const d = 6

/** h[k,i,j] = sin(1.7(k+1)(j+1)) + 0.2 sin(0.9(k+1) + 1.3(i+1)(j+2)), K = 4, d = 6, float64. */
export const goldenSample = (counts: readonly [number, number, number, number]): Sample => {
  const rows = counts.flatMap((n, k) => Array.from({ length: n }, (_, i) => [k, i] as const))
  const data = rows.flatMap(([k, i]) =>
    Array.from({ length: d }, (_, j) => {
      const ripple = Math.sin(0.9 * (k + 1) + 1.3 * (i + 1) * (j + 2))
      return Math.sin(1.7 * (k + 1) * (j + 1)) + 0.2 * ripple
    }),
  )
  return {
    features: { data: Float64Array.from(data), n: rows.length, d },
    labels: rows.map(([k]) => k),
    classes: 4,
  }
}

/** W[k,j] = cos(0.5(k+1)(j+1)), b[k] = 0.1 k. */
export const goldenClassifier: Classifier & { readonly bias: ReadonlyArray<number> } = {
  weight: Float64Array.from({ length: 4 * d }, (_, at) =>
    Math.cos(0.5 * (Math.floor(at / d) + 1) * ((at % d) + 1)),
  ),
  bias: [0, 0.1, 0.2, 0.3],
}

/** The same features rounded to float32. */
export const toFloat32 = (sample: Sample): Sample => ({
  ...sample,
  features: { ...sample.features, data: Float32Array.from(sample.features.data) },
})

/** Golden values under one class balance and one global mean. */
export interface Golden {
  readonly name: string
  readonly counts: readonly [number, number, number, number]
  readonly globalMean: 'classes' | 'samples'
  readonly traceW: number
  readonly traceB: number
  readonly nc1: number
  readonly nc1ClassAverage: number
  readonly traceQuotient: number
  readonly cdnv: number
  readonly rank: number
  readonly rankCentred: number
  readonly etfDistance: number
  readonly equinorm: number
  readonly equiangularity: number
  readonly selfDuality: number
  readonly papyan: number
  readonly mismatch: number
  readonly mismatchNoBias: number
}

const unbalanced = {
  counts: [3, 5, 7, 9],
  traceW: 0.09716231675,
  cdnv: 0.01331651346,
  rank: 1.024126851,
  rankCentred: 2.241411211,
  mismatch: 0.625,
  mismatchNoBias: 0.5833333333,
} as const

/** The three columns of golden values. */
export const goldens: ReadonlyArray<Golden> = [
  {
    name: 'n = (5,5,5,5)',
    counts: [5, 5, 5, 5],
    globalMean: 'classes',
    traceW: 0.09958109597,
    traceB: 2.53025341,
    nc1: 0.01863058772,
    nc1ClassAverage: 0.01863058772,
    traceQuotient: 0.03935617499,
    cdnv: 0.01515411126,
    rank: 1.026049988,
    rankCentred: 2.256550177,
    etfDistance: 0.2102642432,
    equinorm: 0.09432290271,
    equiangularity: 0.06897827628,
    selfDuality: 1.068491466,
    papyan: 1.400154692,
    mismatch: 0.7,
    mismatchNoBias: 0.65,
  },
  {
    ...unbalanced,
    name: 'n = (3,5,7,9)',
    globalMean: 'classes',
    traceB: 2.59657829,
    nc1: 0.01602180735,
    nc1ClassAverage: 0.01494524572,
    traceQuotient: 0.0374193673,
    etfDistance: 0.182077179,
    equinorm: 0.07991384664,
    equiangularity: 0.06337768282,
    selfDuality: 1.075649169,
    papyan: 1.410850064,
  },
  {
    ...unbalanced,
    name: 'n = (3,5,7,9), global mean of samples',
    globalMean: 'samples',
    traceB: 2.710523103,
    nc1: 0.01545051249,
    nc1ClassAverage: 0.01446429456,
    traceQuotient: 0.03584633411,
    etfDistance: 0.3359052515,
    equinorm: 0.2002062752,
    equiangularity: 0.1342077054,
    selfDuality: 1.084877257,
    papyan: 1.366359246,
  },
]

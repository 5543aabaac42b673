// The features of closed form whose scores test/golden/scores.py computes by another route.
import type { Labelled } from '../../src/advise/index.ts'
import type { Features } from '../../src/collapse/index.ts'
import golden from '../golden/scores.json'
import type { Sample } from './features.ts'

/** One sample and its scores in float64. */
export type GoldenScores = (typeof golden.cases)[number]

/** All golden samples: more rows than columns, fewer, and labels that features hardly tell. */
export const goldenScores: ReadonlyArray<GoldenScores> = golden.cases

/** Two short lists, their correlations, and quantiles of the first. */
export const goldenAgreement = golden.agreement

/** h[k,i,j] = sin(1.7(k+1)(j+1)) + spread sin(0.9(k+1) + 1.3(i+1)(j+2) +
 * 0.3(i+1)(k+2)(j+1)^2). */
export const scoredSample = ({ counts, d, spread }: GoldenScores): Sample => {
  const rows = counts.flatMap((n, k) => Array.from({ length: n }, (_, i) => [k, i] as const))
  const data = rows.flatMap(([k, i]) =>
    Array.from({ length: d }, (_, j) => {
      const bend = 0.3 * (i + 1) * (k + 2) * (j + 1) ** 2
      const ripple = Math.sin(0.9 * (k + 1) + 1.3 * (i + 1) * (j + 2) + bend)
      return Math.sin(1.7 * (k + 1) * (j + 1)) + spread * ripple
    }),
  )
  return {
    features: { data: Float64Array.from(data), n: rows.length, d },
    labels: rows.map(([k]) => k),
    classes: counts.length,
  }
}

/** Source-class probabilities [N, width] made of the features: softmax of 2 (sin(1.1(z+1)) + h_z). */
export const sourceProbabilities = ({ features }: Labelled, width: number): Features => {
  const { data, n, d } = features
  const out = new Float64Array(n * width)
  for (let i = 0; i < n; i++) {
    const powers = Array.from({ length: width }, (_, z) =>
      Math.exp(2 * (Math.sin(1.1 * (z + 1)) + (data[i * d + (z % d)] ?? 0))),
    )
    const sum = powers.reduce((a, b) => a + b, 0)
    out.set(
      powers.map(p => p / sum),
      i * width,
    )
  }
  return { data: out, n, d: width }
}

// What a claim of the paper is, and the few rules by which a run is held against it.
import type * as O from 'fp-ts/Option'
import type { DemoResult } from '../experiments/demo-result.ts'
import { pearson, spearman } from '../core/correlation.ts'

/** How a claim came out in one run. */
export type Verdict = 'held' | 'partly' | 'not held'

/** The picture that a claim stands beside. */
export type Topic = 'source' | 'layers' | 'tuning' | 'table'

/** What was seen, in words with its figures, and the verdict on it. */
export interface Judgement {
  readonly seen: string
  readonly verdict: Verdict
}

/** A claim of the paper in our words, where it stands there, and the rule by which it is judged. */
export interface ClaimText {
  readonly id: string
  readonly topic: Topic
  readonly figure: string
  readonly claim: string
  readonly rule: string
}

/** A claim with its judge; none where the run has nothing to judge it by. */
export interface ClaimRule extends ClaimText {
  readonly judge: (result: DemoResult) => O.Option<Judgement>
}

/** A claim as judged on one run. */
export interface Claim extends ClaimText, Judgement {}

/** Held where all of `n` cases agree, partly where more than half do. */
export const byShare = (agree: number, n: number): Verdict =>
  agree === n ? 'held' : agree > n / 2 ? 'partly' : 'not held'

/** The rule of `byShare` in words. */
export const shareRule = 'held: all of them; partly: more than half'

/** How strong a correlation must be to count as one. */
const strong = -0.7

/** Pearson's r and Spearman's rho of accuracy against nc1. */
export interface Correlations {
  readonly r: number | null
  readonly rho: number | null
}

/** Correlations of accuracy against nc1, in this order of arguments. */
export const correlations = (
  nc1: ReadonlyArray<number>,
  accuracy: ReadonlyArray<number>,
): Correlations => ({ r: pearson(nc1, accuracy), rho: spearman(nc1, accuracy) })

/** Held where both correlations are at most -0.7, partly where both are negative. */
export const byCorrelation = ({ r, rho }: Correlations): Verdict => {
  if (r === null || rho === null) return 'not held'
  if (r <= strong && rho <= strong) return 'held'
  return r < 0 && rho < 0 ? 'partly' : 'not held'
}

/** The rule of `byCorrelation` in words. */
export const correlationRule =
  'held: Pearson and Spearman both at most −0.70; partly: both below zero'

/** Where something deep is looked for: held in the last third of `n` layers, partly in the last half. `index` from 0. */
export const byDepth = (index: number, n: number): Verdict => {
  if (index >= n - Math.ceil(n / 3)) return 'held'
  return index >= n - Math.ceil(n / 2) ? 'partly' : 'not held'
}

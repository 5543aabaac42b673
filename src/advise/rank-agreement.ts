// How well a score foretells what tuning reaches: three correlations over networks or blocks.
import { kendall, pearson, spearman } from '../core/correlation.ts'

/** Each in [-1, 1]; null where it is not defined. */
export interface RankAgreement {
  readonly spearman: number | null
  readonly kendall: number | null
  readonly pearson: number | null
}

/** Spearman's rho, Kendall's tau-b and Pearson's r of scores and what was reached; null with fewer
 * than 3 pairs, unequal lengths, a number that is not finite, or all of one side equal. */
export const rankAgreement = (
  scores: ReadonlyArray<number>,
  reached: ReadonlyArray<number>,
): RankAgreement => ({
  spearman: spearman(scores, reached),
  kendall: kendall(scores, reached),
  pearson: pearson(scores, reached),
})

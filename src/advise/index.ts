// Scores of how well features will transfer, and how far to trust them: pure functions on arrays.
export {
  type BootstrapOptions,
  bootstrap,
  type Interval,
  quantile,
  type Score,
} from './bootstrap.ts'
export { type HScoreOptions, hScore } from './h-score.ts'
export {
  type Jackknife,
  type JackknifeOptions,
  jackknife,
  jackknifeRange,
  type Range,
  tellsApart,
} from './jackknife.ts'
export {
  type Labelled,
  pickRows,
  type RowSplit,
  type SplitOptions,
  stratifiedSplit,
} from './labelled.ts'
export { type LayerScores, nc1Score, scoreLayer, shareRange } from './layer-scores.ts'
export { leep } from './leep.ts'
export type { LbfgsOptions } from './lbfgs.ts'
export { linearProbe, type Probe, type ProbeOptions } from './linear-probe.ts'
export { logme } from './logme.ts'
export { nearestMeanAccuracy, nearestMeanHeldOut } from './nearest-mean.ts'
export { type RankAgreement, rankAgreement } from './rank-agreement.ts'
export {
  type Candidate,
  goodness,
  type Ranking,
  rankUnits,
  type ScoreName,
  scoreNames,
} from './rank-units.ts'

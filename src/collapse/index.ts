// The metrics of neural collapse as a library: pure functions on arrays or on class statistics.
export { cdnv, cdnvOf } from './cdnv.ts'
export {
  type ClassStats,
  classStats,
  classStatsMonoid,
  concatStats,
  emptyStats,
} from './class-stats.ts'
export {
  type ConventionName,
  type Conventions,
  conventions,
  float32Cut,
  namedConventions,
  paper,
} from './conventions.ts'
export { betweenDirections, type Directions } from './directions.ts'
export { equiangularity, equiangularityOf } from './equiangularity.ts'
export { equinorm, equinormOf } from './equinorm.ts'
export { etfDistance, etfDistanceOf } from './etf-distance.ts'
export type { Block, Classifier, Features, Labels } from './features.ts'
export { choiceFrame, type Frame, plainFrame } from './frame.ts'
export { classMeans, type Means, traceBOf } from './means.ts'
export {
  type MeasureOptions,
  type MeasureReport,
  type Measures,
  type MetricName,
  measure,
  measureProgram,
  metricNames,
} from './measure.ts'
export { faultOfMetric, type MetricError, showMetricError } from './metric-error.ts'
export { nc1, nc1Of } from './nc1.ts'
export { nccMismatch, nccMismatchOf } from './ncc-mismatch.ts'
export { nullNc1 } from './null-nc1.ts'
export { numericalRank, numericalRankOf } from './numerical-rank.ts'
export { foldingOf, mergeSums, type Pass, type PassSum } from './passes.ts'
export { type Program, runInMemory } from './program.ts'
export { concatResiduals, type Residuals, residualsMonoid } from './residuals.ts'
export { selfDuality, selfDualityOf } from './self-duality.ts'
export type { Summary } from './summary.ts'
export { traceB, traceW, traceWOf } from './traces.ts'

// From an outcome of the library to a row of the result.
import type { TransferRow } from '../../src/codec/transfer-result.ts'
import type { MeasureReport } from '../../src/collapse/measure.ts'
import type { Outcome } from '../../src/transfer/transfer.ts'
import type { AnyWay } from '../../src/transfer/ways.ts'
import type { Job } from './jobs.ts'

const orNull = (x: number | null): number | null => (x !== null && Number.isFinite(x) ? x : null)

const metricsOf = (report: MeasureReport): TransferRow['metrics'] => ({
  ...report,
  nc1: orNull(report.nc1),
})

/** The row of a job; what full fine-tuning makes of it is not known yet. */
export const rowOf = ({ method, unit, layer }: Job, outcome: Outcome<AnyWay>): TransferRow => ({
  method,
  unit,
  layer,
  testAccuracy: outcome.testAccuracy,
  bestAccuracy: outcome.bestAccuracy,
  trainAccuracy: outcome.trainAccuracy,
  penultimateNc1: orNull(outcome.penultimateNc1),
  metrics: metricsOf(outcome.features),
  encoder: outcome.encoder === null ? null : metricsOf(outcome.encoder),
  nc1: outcome.nc1.map(orNull),
  trainedParameters: outcome.trained,
  percent: outcome.percent,
  bytes: outcome.bytes,
  seconds: outcome.seconds,
  imagesPerSecond: outcome.imagesPerSecond,
  frozen: { arrays: outcome.frozen, identical: true },
  epochs: outcome.epochs,
  againstFull: null,
})

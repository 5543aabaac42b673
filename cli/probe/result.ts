// From what the library gave to the result that is printed and kept.
import { rankAgreement } from '../../src/advise/rank-agreement.ts'
import type { ProbeResult, ProbeRow } from '../../src/codec/probe-result.ts'
import type { Engine } from '../../src/device/engine.ts'
import { totalBytes } from '../../src/plan/plan.ts'
import type { LayerProbe, ProbedUnits } from '../../src/transfer/probe-units.ts'
import { trialOf } from '../transfer/trial.ts'
import type { ProbeMaterials } from './conduct.ts'

const rowOf = ({ metrics, parameters, head: _, lost: __, ...rest }: LayerProbe): ProbeRow => ({
  ...rest,
  nc1: metrics.nc1,
  metrics,
  headParameters: parameters,
})

/** Correlations of nc1 with the accuracy over fine-tuning units; the classifier's input is in a ResNet the last one again. */
export const agreementOf = (rows: ReadonlyArray<ProbeRow>): ProbeResult['agreement'] => {
  const units = rows.filter(({ unit }) => unit !== null)
  return rankAgreement(
    units.map(({ nc1 }) => nc1 ?? Number.NaN),
    units.map(({ testAccuracy }) => testAccuracy ?? Number.NaN),
  )
}

/** The result of a probe; classifiers whose loss was no longer finite have no row. */
export const resultOf = (
  engine: Engine,
  materials: ProbeMaterials,
  { layers, whole, seconds, imagesPerSecond, bytes }: ProbedUnits,
): ProbeResult => {
  const rows = layers.filter(({ lost }) => lost === null).map(rowOf)
  return {
    version: 1,
    finished: whole,
    config: materials.config,
    ...trialOf(engine, materials),
    rows,
    agreement: agreementOf(rows),
    ...{ seconds, imagesPerSecond, plannedBytes: totalBytes(bytes) },
    failed: layers.flatMap(({ layer, unit, lost }) =>
      lost === null ? [] : [{ layer, unit, why: `the loss is not finite in epoch ${lost}` }],
    ),
  }
}

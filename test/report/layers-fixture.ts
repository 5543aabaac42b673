// Made-up reports of a network's layers, for tests of their page, charts, notes and tables.
import type { LayerReport } from '../../src/collapse/layer-report.ts'

const nc1s = [133.7, 138.5, 36.66, 3.395, 0.4976]

const reportOf = (nc1: number, i: number): LayerReport => ({
  layer: `layer${1 + Math.floor(i / 2)}.${i % 2}`,
  unit: i + 1,
  nc1,
  nullNc1: 1499 / 2 ** i,
  cdnv: nc1 / 20,
  numericalRank: 1 + i / 32,
  etfDistance: 1.1 - i / 10,
  equinorm: 0.43 - i / 20,
  equiangularity: 0.7 - i / 10,
  selfDuality: null,
  nccMismatch: null,
  traceW: 0.36 * 2 ** i,
  traceB: 0.1 * 3 ** i,
  n: 2000,
  d: 16 * 2 ** i,
  classes: 10,
  perClass: new Array(10).fill(200),
  rank: 9,
})

/** Five units whose nc1 rises once and then falls. */
export const units: ReadonlyArray<LayerReport> = nc1s.map(reportOf)

/** The classifier's input: as the last unit, with what its classifier defines. */
export const penultimate: LayerReport = {
  ...reportOf(0.4976, 4),
  layer: 'penultimate',
  unit: null,
  selfDuality: 0.43,
  nccMismatch: 0.0267,
}

/** All layers in order. */
export const layers: ReadonlyArray<LayerReport> = [...units, penultimate]

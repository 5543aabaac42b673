// What `collapse transfer` says to a person on the way.
import { showDataSpec } from '../../src/codec/data-spec.ts'
import type { ProbeConfig } from '../../src/codec/probe-config.ts'
import type { TransferRow } from '../../src/codec/transfer-result.ts'
import { countParameters } from '../../src/models/model.ts'
import { tunedName } from '../../src/report/names.ts'
import type { Target } from '../../src/transfer/target.ts'
import { showBytes } from '../train/fit.ts'
import { percent, three } from '../train/say.ts'
import type { Job } from './jobs.ts'
import type { Materials } from './materials.ts'

/** How a job is called: `SCL FT of layer3.0`. */
export const jobName = (job: Job): string => tunedName(job)

/** What is transferred to what. */
export const sayMaterials = ({
  network,
  config,
  train,
  test,
  said,
}: Materials | Materials<ProbeConfig>): ReadonlyArray<string> => [
  `${network.model.name} (${countParameters(network.init)} parameters, images of ${network.model.input.join(' x ')}), to ${showDataSpec(config.data)}: ` +
    `${train.count} images of ${train.classes} classes, ${test.count} to test`,
  `weights: ${said}`,
]

/** What is held of the frozen network, and how collapsed its units are. */
export const sayTarget = ({ train, test, nc1 }: Target): string => {
  const bytes = [train, test].reduce(
    (n, { taps }) => n + [...taps.values()].reduce((m, rows) => m + rows.byteLength, 0),
    0,
  )
  const held = bytes === 0 ? '' : `; outputs of ${train.taps.size} blocks held, ${showBytes(bytes)}`
  const shown = nc1.map(x => (Number.isFinite(x) ? three(x) : '-')).join(' ')
  return `nc1 of the units before tuning: ${shown}${held}`
}

/** A finished way on a line. */
export const sayRow = (row: TransferRow): string => {
  const { testAccuracy, penultimateNc1, seconds, imagesPerSecond, frozen } = row
  const nc1 = penultimateNc1 === null ? '-' : three(penultimateNc1)
  const kept = frozen.arrays === 0 ? '' : `, ${frozen.arrays} frozen arrays bit-identical`
  return `${tunedName(row)}: test ${percent(testAccuracy)}, nc1 ${nc1}, ${three(seconds)} s, ${Math.round(imagesPerSecond)} images/s${kept}`
}

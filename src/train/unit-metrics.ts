// Collapse of every fine-tuning unit's output, averaged over its places, on all samples of a pass.
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import type { Fault } from '../core/fault.ts'
import type { Engine } from '../device/engine.ts'
import { unitsOf } from '../models/model.ts'
import { groupTaps, nc1Of } from './layer-metrics.ts'
import { FEATURES, type Pass, rowsProgram } from './programs.ts'
import { collect } from './run.ts'

/** Rows held on the host at a time; more units than fit are read in further passes. */
const HOST_BYTES = 2 ** 30

interface Rows {
  readonly name: string
  readonly bytes: number
}

const rowsOf = ({ network, samples, from }: Pass): ReadonlyArray<Rows> => [
  ...unitsOf(network.model)
    .filter(({ index }) => index >= from)
    .map(({ block, index }) => ({
      name: block.name,
      bytes: 4 * (network.init.taps[index]?.shape.at(-1) ?? 0) * samples.count,
    })),
  { name: FEATURES, bytes: 4 * network.init.width * samples.count },
]

/** nc1 of the units' outputs from block `from` on, in order, and of the classifier's input. */
export interface UnitNc1 {
  readonly units: ReadonlyArray<number>
  readonly features: number
}

/**
 * nc1 (tr(Sigma_W Sigma_B^+)/K) of every fine-tuning unit's output in evaluation mode over all samples of the pass, as
 * rows averaged over the places of maps and tokens; NaN where all class means of a unit are equal. The samples and the
 * network's arrays must be in the store.
 */
export const unitNc1 = (engine: Engine, pass: Pass): TE.TaskEither<Fault, UnitNc1> => {
  const { samples, batch } = pass
  const measured = (group: ReadonlyArray<Rows>): TE.TaskEither<Fault, ReadonlyArray<number>> =>
    pipe(
      collect(
        engine,
        rowsProgram(pass, name => group.some(rows => rows.name === name)),
        samples,
        batch,
      ),
      TE.chainEitherK(rows =>
        E.traverseArray(({ name }: Rows) =>
          nc1Of(rows.get(name) ?? new Float32Array(0), samples, name),
        )(group),
      ),
    )
  return pipe(
    TE.traverseSeqArray(measured)(groupTaps(rowsOf(pass), HOST_BYTES)),
    TE.map(groups => groups.flat()),
    TE.map(all => ({ units: all.slice(0, -1), features: all.at(-1) ?? Number.NaN })),
  )
}

// Runs readings over all samples of a pass.
import { pipe } from 'fp-ts/function'
import * as RA from 'fp-ts/ReadonlyArray'
import * as TE from 'fp-ts/TaskEither'
import type { Fault } from '../core/fault.ts'
import type { Engine } from '../device/engine.ts'
import { groupTaps } from '../train/layer-metrics.ts'
import type { Pass } from '../train/programs.ts'
import { collect } from '../train/run.ts'
import { type Reading, readingsProgram } from './readings.ts'

/** Bytes of rows that are read in a pass; more than fit are read in further ones. */
const ROW_BYTES = 2 ** 30

/**
 * Outputs and rows [count, d] by name, over all samples, in one forward pass as long as the rows fit in 1 GiB; none for
 * no readings. The samples and the network's arrays must be in the store.
 */
export const readAll = (
  engine: Engine,
  pass: Pass,
  rows: ReadonlyArray<Reading>,
  outputs: ReadonlyArray<Reading> = [],
): TE.TaskEither<Fault, ReadonlyMap<string, Float32Array>> => {
  const [first = [], ...more] = groupTaps(rows, ROW_BYTES)
  return pipe(
    [[...outputs, ...first], ...more].filter(group => group.length > 0),
    RA.map(group => collect(engine, readingsProgram(pass, group), pass.samples, pass.batch)),
    TE.sequenceSeqArray,
    TE.map(found => new Map(found.flatMap(one => [...one]))),
  )
}

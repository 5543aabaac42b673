// Runs readings over all samples of a pass.
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import type { Fault } from '../core/fault.ts'
import type { Engine } from '../device/engine.ts'
import { groupTaps } from '../train/layer-metrics.ts'
import type { Pass } from '../train/programs.ts'
import { always, collect, type OnStep } from '../train/run.ts'
import { type Reading, readingsProgram } from './readings.ts'

/** Bytes of rows that are read in a pass; more than fit are read in further ones. */
const ROW_BYTES = 2 ** 30

type Rows = ReadonlyMap<string, Float32Array>

/**
 * Outputs and rows [count, d] by name, over all samples, in one forward pass as long as the rows fit in 1 GiB; none for
 * no readings. The samples and the network's arrays must be in the store. `onRows` counts over all passes; where it is
 * false the reading stops, and rows that were not read are missing or zero.
 */
export const readAll = (
  engine: Engine,
  pass: Pass,
  rows: ReadonlyArray<Reading>,
  outputs: ReadonlyArray<Reading> = [],
  onRows: OnStep = always,
): TE.TaskEither<Fault, Rows> => {
  const { samples, batch } = pass
  const [first = [], ...more] = groupTaps(rows, ROW_BYTES)
  const groups = [[...outputs, ...first], ...more].filter(group => group.length > 0)
  const total = groups.length * samples.count
  let goOn = true
  const read =
    (group: ReadonlyArray<Reading>, i: number): TE.TaskEither<Fault, Rows> =>
    async () =>
      goOn
        ? collect(engine, readingsProgram(pass, group), samples, batch, done => {
            goOn = onRows(i * samples.count + done, total)
            return goOn
          })()
        : E.right(new Map())
  return pipe(
    TE.sequenceSeqArray(groups.map(read)),
    TE.map(found => new Map(found.flatMap(one => [...one]))),
  )
}

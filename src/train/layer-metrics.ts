// Collapse of every block's output, on all samples of a pass.
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import { faultOfMetric, type MetricError } from '../collapse/metric-error.ts'
import { nc1 } from '../collapse/nc1.ts'
import { bytesOf } from '../core/aval.ts'
import type { Fault } from '../core/fault.ts'
import type { Engine } from '../device/engine.ts'
import { type Pass, tapsProgram } from './programs.ts'
import { collect } from './run.ts'
import type { Samples } from './samples.ts'

/** Features held on the host at a time; more blocks than fit are read in further passes. */
const HOST_BYTES = 2 ** 30

interface Tap {
  readonly name: string
  readonly bytes: number
}

const tapsOf = ({ network, samples, from }: Pass): ReadonlyArray<Tap> =>
  network.model.blocks.slice(from).flatMap(({ name }, i) => {
    const aval = network.init.taps[from + i]
    return aval === undefined ? [] : [{ name, bytes: bytesOf(aval) * samples.count }]
  })

/** Consecutive taps in groups of at most `limit` bytes each, or of one tap. */
export const groupTaps = <T extends { readonly bytes: number }>(
  taps: ReadonlyArray<T>,
  limit: number,
): ReadonlyArray<ReadonlyArray<T>> => {
  const groups: Array<Array<T>> = []
  let room = 0
  for (const tap of taps) {
    const last = groups[groups.length - 1]
    if (last !== undefined && tap.bytes <= room) {
      last.push(tap)
      room -= tap.bytes
    } else {
      groups.push([tap])
      room = limit - tap.bytes
    }
  }
  return groups
}

/** NaN where all class means are equal, as in a layer whose units are all dead. */
const undefinedAsNaN = (e: MetricError): E.Either<MetricError, number> =>
  e._tag === 'NoBetweenClass' ? E.right(Number.NaN) : E.left(e)

/** nc1 of features [count, d] of labelled samples; NaN where all class means are equal, a fault that names the layer else. */
export const nc1Of = (
  rows: Float32Array,
  { count, labels }: Samples,
  layer: string,
): E.Either<Fault, number> =>
  pipe(
    nc1({ data: rows, n: count, d: rows.length / count }, labels),
    E.orElse(undefinedAsNaN),
    E.mapLeft(faultOfMetric(`layer ${layer}`)),
  )

const nc1OfGroup =
  (engine: Engine, pass: Pass) =>
  (group: ReadonlyArray<Tap>): TE.TaskEither<Fault, ReadonlyArray<number>> =>
    pipe(
      collect(
        engine,
        tapsProgram(pass, name => group.some(tap => tap.name === name)),
        pass.samples,
        pass.batch,
      ),
      TE.chainEitherK(features =>
        E.traverseArray(({ name }: Tap) =>
          nc1Of(features.get(name) ?? new Float32Array(0), pass.samples, name),
        )(group),
      ),
    )

/**
 * nc1 (tr(Sigma_W Sigma_B^+)/K) of every block's output in evaluation mode over all samples of the pass, by block; NaN
 * where a block's class means are all equal. The samples and the parameters must be in the store.
 */
export const layerNc1 = (engine: Engine, pass: Pass): TE.TaskEither<Fault, ReadonlyArray<number>> =>
  pipe(
    TE.traverseSeqArray(nc1OfGroup(engine, pass))(groupTaps(tapsOf(pass), HOST_BYTES)),
    TE.map(groups => groups.flat()),
  )

// A downstream task, and what the frozen network makes of it: computed once and shared by every way of transferring.
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import { bytesOf } from '../core/aval.ts'
import type { Fault } from '../core/fault.ts'
import type { Engine } from '../device/engine.ts'
import { crossEntropy } from '../losses/losses.ts'
import { unitsOf } from '../models/model.ts'
import { nc1Of } from '../train/layer-metrics.ts'
import type { Network } from '../train/network.ts'
import type { Pass } from '../train/programs.ts'
import { classesOf, putSamples, type Samples } from '../train/samples.ts'
import { readAll } from './read-all.ts'
import { outputReadings, rowsName, unitReadings } from './readings.ts'

/** Outputs [count, H W C] of blocks by name, maps and tokens as flat rows. */
export type Taps = ReadonlyMap<string, Float32Array>

/** The samples of one split, and the frozen blocks' outputs on them: of all blocks or, where they are large, the last. */
export interface Split {
  readonly samples: Samples
  readonly taps: Taps
}

/** A downstream task for one network. */
export interface Target {
  readonly train: Split
  readonly test: Split
  /** nc1 of each frozen unit's output on the training split, by unit. */
  readonly nc1: ReadonlyArray<number>
  readonly classes: number
}

/** Both splits of a task. */
export interface Splits {
  readonly train: Samples
  readonly test: Samples
}

/** Bytes of outputs that are held of both splits; blocks before them run again in every step. */
const CACHE_BYTES = 2 ** 30

/** Names of the last blocks whose outputs on `count` samples take at most `limit` bytes together. */
export const cacheable = (
  { model, init }: Network,
  count: number,
  limit: number,
): ReadonlySet<string> => {
  const names = new Set<string>()
  let room = limit
  for (const [i, { name }] of [...model.blocks.entries()].reverse()) {
    const aval = init.taps[i]
    room -= aval === undefined ? 0 : count * bytesOf(aval)
    if (room < 0) return names
    names.add(name)
  }
  return names
}

const passOf = (network: Network, samples: Samples, batch: number): Pass => ({
  network,
  samples,
  batch,
  loss: crossEntropy,
  from: 0,
})

const outputsOf = (found: Taps, cached: ReadonlySet<string>): Taps =>
  new Map([...found].filter(([name]) => cached.has(name)))

interface Read {
  readonly split: Split
  readonly nc1: ReadonlyArray<number>
}

/** The cached outputs of a split and nc1 of the units, which is of the training split alone. */
const readSplit = (
  engine: Engine,
  pass: Pass,
  cached: ReadonlySet<string>,
  measured: boolean,
): TE.TaskEither<Fault, Read> => {
  const { samples, network } = pass
  const outputs = outputReadings(pass, name => cached.has(name))
  const units = measured ? unitsOf(network.model).map(({ block }) => block.name) : []
  return pipe(
    putSamples(engine, samples),
    TE.chain(() => readAll(engine, pass, measured ? unitReadings(pass) : [], outputs)),
    TE.chainEitherK(found =>
      pipe(
        units,
        E.traverseArray(name =>
          nc1Of(found.get(rowsName(name)) ?? new Float32Array(0), samples, name),
        ),
        E.map(nc1 => ({ nc1, split: { samples, taps: outputsOf(found, cached) } })),
      ),
    ),
  )
}

/**
 * Uploads both splits and runs the frozen network over each once, in evaluation mode. The outputs of its last blocks, as
 * many as `limit` bytes hold, stand for the samples wherever batch norm is frozen; with a limit of 0 none are held.
 */
export const targetOf = (
  engine: Engine,
  network: Network,
  splits: Splits,
  batch: number,
  limit = CACHE_BYTES,
): TE.TaskEither<Fault, Target> => {
  const { train, test } = splits
  const cached = cacheable(network, train.count + test.count, limit)
  return pipe(
    TE.Do,
    TE.bind('train', () => readSplit(engine, passOf(network, train, batch), cached, true)),
    TE.bind('test', () => readSplit(engine, passOf(network, test, batch), cached, false)),
    TE.map(target => ({
      train: target.train.split,
      test: target.test.split,
      nc1: target.train.nc1,
      classes: classesOf(train.labels),
    })),
  )
}

/** The last block, at most `wanted`, whose inputs are at hand: 0, or the one after a cached output. */
export const nearestBlock = ({ model }: Network, { taps }: Split, wanted: number): number => {
  const after = model.blocks.slice(0, wanted).findLastIndex(({ name }) => taps.has(name))
  return after + 1
}

/** What blocks `from`.. read: the samples themselves, or the cached outputs of block `from - 1` under a name of their own. */
export const inputsOf = (network: Network, { samples, taps }: Split, from: number): Samples => {
  const before = network.model.blocks[from - 1]
  const rows = before === undefined ? undefined : taps.get(before.name)
  return rows === undefined
    ? samples
    : {
        ...samples,
        name: `${samples.name}/after ${before?.name}`,
        contents: { _tag: 'Rows', rows, width: rows.length / samples.count },
      }
}

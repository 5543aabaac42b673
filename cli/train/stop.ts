// Stopping and going on: between the engine's store and the checkpoint of a run's folder.
import { join } from 'node:path'
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import {
  type Checkpoint,
  encodeCheckpoint,
  fitArrays,
  type KeptArrays,
} from '../../src/codec/checkpoint.ts'
import { showEngine } from '../../src/codec/device-facts.ts'
import { hashTrainConfig } from '../../src/codec/train-config.ts'
import type { Aval, Data } from '../../src/core/aval.ts'
import type { Fault } from '../../src/core/fault.ts'
import { writeAtomic } from '../../src/data/atomic-file.ts'
import { runFiles } from '../../src/data/run-folder.ts'
import type { Engine } from '../../src/device/engine.ts'
import { arraysWhere, type Contents, getContents, putContents } from '../../src/train/network.ts'
import type { Training } from '../../src/train/programs.ts'
import { type Place, slotShapes, type Snapshot, takeSnapshot } from '../../src/train/snapshot.ts'
import type { Materials } from './materials.ts'

type Shapes = ReadonlyArray<readonly [string, Aval]>

/** Parameters and running moments. */
const networkShapes = ({ network }: Training): Shapes =>
  arraysWhere(network, () => true).map(([path, { aval }]) => [path, aval])

const floats = (data: Data | undefined): Float32Array => Float32Array.from(data ?? [])

const keep = (shapes: Shapes, contents: Contents): KeptArrays =>
  Object.fromEntries(shapes.map(([name, aval]) => [name, { aval, data: floats(contents[name]) }]))

const dataOf = (arrays: KeptArrays): Contents =>
  Object.fromEntries(Object.entries(arrays).map(([name, { data }]) => [name, data]))

/** Writes the run's checkpoint at a place, over the one before. */
export const writeCheckpoint =
  (engine: Engine, { config, training, origin }: Materials, dir: string) =>
  (place: Place): TE.TaskEither<Fault, void> =>
    pipe(
      takeSnapshot(engine, training)(place),
      TE.bindTo('snapshot'),
      TE.bind('contents', () => getContents(engine, training.network)),
      TE.chainEitherK(({ snapshot, contents }) =>
        encodeCheckpoint({
          config: hashTrainConfig(config),
          device: showEngine(engine.info),
          origin,
          ...place,
          parameters: keep(networkShapes(training), contents),
          slots: keep(slotShapes(training), snapshot.slots),
          meter: floats(snapshot.meter),
        }),
      ),
      TE.chain(bytes => writeAtomic(join(dir, runFiles.checkpoint), bytes)),
    )

/** Puts a checkpoint's network into the store; gives where training goes on. */
export const restore = (
  engine: Engine,
  { training }: Materials,
  checkpoint: Checkpoint,
  where: string,
): TE.TaskEither<Fault, Snapshot> => {
  const { parameters, slots, meter, epoch, step } = checkpoint
  return pipe(
    fitArrays(parameters, networkShapes(training), where),
    E.chain(() => fitArrays(slots, slotShapes(training), where)),
    TE.fromEither,
    TE.chain(() => putContents(engine, training.network, dataOf(parameters))),
    TE.map(() => ({ epoch, step, meter, slots: dataOf(slots) })),
  )
}

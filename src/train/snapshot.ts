// Snapshots: everything that training needs, beside the parameters, to go on where it stopped.
import { pipe } from 'fp-ts/function'
import * as RA from 'fp-ts/ReadonlyArray'
import * as TE from 'fp-ts/TaskEither'
import { type Aval, type Data, zerosOf } from '../core/aval.ts'
import type { Fault } from '../core/fault.ts'
import type { Engine } from '../device/engine.ts'
import type { Contents } from './network.ts'
import { parametersWhere } from './network.ts'
import { METER, slotName, type Training } from './programs.ts'

/** The step to run next: epochs and steps are counted from 0. */
export interface Place {
  readonly epoch: number
  readonly step: number
}

/** A place, the meter's sums of the epoch under way, and the optimiser's slots by `slot/path`. */
export interface Snapshot extends Place {
  readonly meter: Data
  readonly slots: Contents
}

interface Slot {
  readonly key: string
  readonly stored: string
  readonly aval: Aval
}

const slotsOf = ({ network, trains, optimizer }: Training): ReadonlyArray<Slot> =>
  parametersWhere(network, trains).flatMap(([path, { aval }]) =>
    optimizer.slots.map(slot => ({
      key: `${slot}/${path}`,
      stored: slotName(network, slot, path),
      aval,
    })),
  )

/** Names `slot/path` and shapes of the optimiser's slots. */
export const slotShapes = (training: Training): ReadonlyArray<readonly [string, Aval]> =>
  slotsOf(training).map(({ key, aval }) => [key, aval])

/** Puts the optimiser's slots into the store, zero where `slots` has none. */
export const putSlots = (
  engine: Engine,
  training: Training,
  slots: Contents = {},
): TE.TaskEither<Fault, void> =>
  pipe(
    slotsOf(training),
    RA.map(({ key, stored, aval }) => engine.put(stored, aval, slots[key] ?? zerosOf(aval))),
    TE.sequenceSeqArray,
    TE.map(() => undefined),
  )

/** Frees the optimiser's slots. */
export const dropSlots = (engine: Engine, training: Training): void => {
  engine.drop(slotsOf(training).map(({ stored }) => stored))
}

/** Reads a snapshot at a place that `trainEpochs` gave. */
export const takeSnapshot =
  (engine: Engine, training: Training) =>
  ({ epoch, step }: Place): TE.TaskEither<Fault, Snapshot> =>
    pipe(
      slotsOf(training),
      RA.map(({ key, stored }) =>
        pipe(
          engine.get(stored),
          TE.map((data): readonly [string, Data] => [key, data]),
        ),
      ),
      TE.sequenceSeqArray,
      TE.bindTo('slots'),
      TE.bind('meter', () => engine.get(METER.name)),
      TE.map(({ slots, meter }) => ({ epoch, step, meter, slots: Object.fromEntries(slots) })),
    )

// Snapshots: everything that training needs, beside the parameters, to go on where it stopped.
import { pipe } from 'fp-ts/function'
import * as RA from 'fp-ts/ReadonlyArray'
import * as TE from 'fp-ts/TaskEither'
import { type Aval, type Data, sizeOf, zerosOf } from '../core/aval.ts'
import type { Fault } from '../core/fault.ts'
import type { Engine } from '../device/engine.ts'
import type { Contents } from './network.ts'
import { parametersWhere } from './network.ts'
import { firstScaling, SCALING } from '../optim/loss-scale.ts'
import { METER, slotName, type Training } from './programs.ts'

/** The step to run next: epochs and steps are counted from 0. */
export interface Place {
  readonly epoch: number
  readonly step: number
}

/**
 * A place, the meter's sums of the epoch under way, behind them the scale's state where the loss is scaled, and the
 * optimiser's slots by `slot/path`.
 */
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

const SUMS = sizeOf(METER.aval)

/** The meter's sums of a snapshot. */
export const sumsOf = ({ meter }: Snapshot): Data => meter.slice(0, SUMS)

/** The training as an engine must run it: f16 products need a scaled loss. */
export const scaledFor = (engine: Engine, training: Training): Training =>
  engine.target.precision === 'f16' ? { ...training, scalesLoss: true } : training

/** Puts the scale's state where the loss is scaled: the snapshot's, or the first where it has none. */
export const putScaling = (
  engine: Engine,
  { scalesLoss = false }: Training,
  from?: Snapshot,
): TE.TaskEither<Fault, void> => {
  const kept = from?.meter.slice(SUMS) ?? []
  const scaling = kept.length === 0 ? firstScaling() : Float32Array.from(kept)
  return scalesLoss ? engine.put(SCALING.name, SCALING.aval, scaling) : TE.right(undefined)
}

const getMeter = (engine: Engine, training: Training): TE.TaskEither<Fault, Data> =>
  pipe(
    engine.get(METER.name),
    TE.chain(sums =>
      scaledFor(engine, training).scalesLoss === true
        ? pipe(
            engine.get(SCALING.name),
            TE.map((scaling): Data => Float32Array.of(...sums, ...scaling)),
          )
        : TE.right(sums),
    ),
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
      TE.bind('meter', () => getMeter(engine, training)),
      TE.map(({ slots, meter }) => ({ epoch, step, meter, slots: Object.fromEntries(slots) })),
    )

// Checkpoints of training as .safetensors: parameters under their paths, optimiser and meter beside them.
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as t from 'io-ts'
import { sameAval, showAval, type Aval, f32 } from '../core/aval.ts'
import { type Fault, fault } from '../core/fault.ts'
import { decodeWith } from './decode.ts'
import { field, fromText, text, wholeFrom, withDefault } from './field.ts'
import { float32Array, floatsOf, type NumberArray } from './number-array.ts'
import { decodeSafetensors, encodeSafetensors } from './safetensors.ts'

/** An array of a checkpoint. */
export interface Kept {
  readonly aval: Aval
  readonly data: Float32Array
}

/** Arrays by name. */
export type KeptArrays = Readonly<Record<string, Kept>>

/**
 * Where a run stopped: `config` is the hash of its config, `device` the engine in words, `epoch` and `step` (from 0) are
 * to run next. `slots` are the optimiser's by `slot/path`; `meter` holds the sums of the epoch under way. `origin` tells
 * whose names the weights had that it began with, and so how images are prepared.
 */
export interface Checkpoint {
  readonly config: string
  readonly device: string
  readonly epoch: number
  readonly step: number
  readonly origin: string
  readonly parameters: KeptArrays
  readonly slots: KeptArrays
  readonly meter: Float32Array
}

const FORMAT = 'collapse checkpoint 1'
const SLOTS = 'optimizer/'
const METER = 'meter'

const Metadata = t.type({
  format: field<typeof FORMAT>(`'${FORMAT}'`, (u): u is typeof FORMAT => u === FORMAT),
  config: text,
  device: text,
  epoch: fromText(wholeFrom(0)),
  step: fromText(wholeFrom(0)),
  origin: withDefault(text, 'torchvision'),
})

/** True for the metadata of a file that `encodeCheckpoint` wrote. */
export const isCheckpoint = (metadata: Readonly<Record<string, string>>): boolean =>
  metadata.format === FORMAT

const entries = (
  arrays: KeptArrays,
  prefix: string,
): ReadonlyArray<readonly [string, NumberArray]> =>
  Object.entries(arrays).map(([name, { aval, data }]) => [
    `${prefix}${name}`,
    float32Array(data, aval.shape),
  ])

/** The checkpoint as the bytes of a .safetensors file, which PyTorch's reader takes too. */
export const encodeCheckpoint = (checkpoint: Checkpoint): E.Either<Fault, Uint8Array> => {
  const { config, device, epoch, step, origin, parameters, slots, meter } = checkpoint
  return encodeSafetensors({
    arrays: new Map([
      ...entries(parameters, ''),
      ...entries(slots, SLOTS),
      [METER, float32Array(meter, [meter.length])],
    ]),
    metadata: Metadata.encode({ format: FORMAT, config, device, epoch, step, origin }),
  })
}

const kept =
  (where: string) =>
  ([name, array]: readonly [string, NumberArray]): E.Either<Fault, readonly [string, Kept]> =>
    pipe(
      floatsOf(array, `${where}, ${name}`),
      E.map(data => [name, { aval: f32(...array.shape), data: Float32Array.from(data) }] as const),
    )

/** Reads a checkpoint; `Left` where the file is damaged or is none of ours. */
export const decodeCheckpoint = (bytes: Uint8Array, where: string): E.Either<Fault, Checkpoint> =>
  pipe(
    decodeSafetensors(bytes, where),
    E.bindTo('file'),
    E.bind('metadata', ({ file }) =>
      decodeWith(
        Metadata,
        ([key]) => `${where}, metadata ${key ?? ''}`,
        'give a checkpoint that collapse train wrote',
      )(file.metadata),
    ),
    E.bind('all', ({ file }) => E.traverseArray(kept(where))([...file.arrays])),
    E.map(({ metadata: { config, device, epoch, step, origin }, all }) => ({
      config,
      device,
      epoch,
      step,
      origin,
      meter: all.find(([name]) => name === METER)?.[1].data ?? new Float32Array(3),
      slots: Object.fromEntries(
        all
          .filter(([name]) => name.startsWith(SLOTS))
          .map(([name, array]) => [name.slice(SLOTS.length), array]),
      ),
      parameters: Object.fromEntries(
        all.filter(([name]) => name !== METER && !name.startsWith(SLOTS)),
      ),
    })),
  )

/** Checks that arrays are there under exactly the wanted names, in the wanted shapes. */
export const fitArrays = (
  arrays: KeptArrays,
  wanted: ReadonlyArray<readonly [string, Aval]>,
  where: string,
): E.Either<Fault, KeptArrays> => {
  const mend = 'give the checkpoint of this network'
  for (const [name, aval] of wanted) {
    const held = arrays[name]
    if (held === undefined) return E.left(fault(`'${name}' is missing`, where, mend))
    if (!sameAval(held.aval, aval)) {
      return E.left(
        fault(`'${name}' is ${showAval(held.aval)}, not ${showAval(aval)}`, where, mend),
      )
    }
  }
  const extra = Object.keys(arrays).find(name => !wanted.some(([w]) => w === name))
  return extra === undefined
    ? E.right(arrays)
    : E.left(fault(`'${extra}' is not of this network`, where, mend))
}

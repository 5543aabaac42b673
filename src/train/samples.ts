// Samples on an engine: a data set uploaded once, and batches of it taken on the device by index.
import * as TE from 'fp-ts/TaskEither'
import { pipe } from 'fp-ts/function'
import { gatherImages, type ImageFormat } from '../../kernels/gather-images.ts'
import { gatherRows, gatherValues } from '../../kernels/gather-rows.ts'
import { type Aval, f32, u32 } from '../core/aval.ts'
import type { Fault } from '../core/fault.ts'
import { apply } from '../core/op.ts'
import { permutation } from '../core/random.ts'
import { arg, type Value } from '../core/value.ts'
import type { Engine, Named } from '../device/engine.ts'

/** Bytes of images, packed four to a word, or f32 rows such as cached features. */
export type Contents =
  | { readonly _tag: 'Images'; readonly format: ImageFormat; readonly words: Uint32Array }
  | { readonly _tag: 'Rows'; readonly width: number; readonly rows: Float32Array }

/** A labelled data set under a name of the store; labels are 0..classes-1. */
export interface Samples {
  readonly name: string
  readonly count: number
  readonly contents: Contents
  readonly labels: Uint32Array
}

const dataName = ({ name }: Samples): string => `${name}/data`
const labelsName = ({ name }: Samples): string => `${name}/labels`

const dataAval = ({ count, contents }: Samples): Aval =>
  contents._tag === 'Images'
    ? u32(count, Math.ceil(contents.format.features / 4))
    : f32(count, contents.width)

/** Uploads the samples. */
export const putSamples = (engine: Engine, samples: Samples): TE.TaskEither<Fault, void> =>
  pipe(
    engine.put(
      dataName(samples),
      dataAval(samples),
      samples.contents._tag === 'Images' ? samples.contents.words : samples.contents.rows,
    ),
    TE.chain(() => engine.put(labelsName(samples), u32(samples.count), samples.labels)),
  )

/** Frees the samples on the engine. */
export const dropSamples = (engine: Engine, samples: Samples): void => {
  engine.drop([dataName(samples), labelsName(samples)])
}

/** A batch as values: inputs, labels, weights that are 0 where the batch is padded, and [seed, step] of what is random. */
export interface Batch {
  readonly x: Value
  readonly labels: Value
  readonly weights: Value
  readonly random: Value
}

const indexName = (batch: number): string => `batch/${batch}/index`
const weightsName = (batch: number): string => `batch/${batch}/weights`
const randomName = 'batch/random'

/** The batch of `size` rows that the index argument names. */
export const batchOf = (samples: Samples, size: number): Batch => {
  const index = arg(indexName(size), u32(size))
  const data = arg(dataName(samples), dataAval(samples))
  return {
    x:
      samples.contents._tag === 'Images'
        ? apply(gatherImages, samples.contents.format)(data, index)
        : apply(gatherRows, null)(data, index),
    labels: apply(gatherValues, null)(arg(labelsName(samples), u32(samples.count)), index),
    weights: arg(weightsName(size), f32(size)),
    random: arg(randomName, u32(2)),
  }
}

/** Makes room for the index, weights and random numbers' seed of batches of `size`. */
export const putBatch = (engine: Engine, size: number): TE.TaskEither<Fault, void> =>
  pipe(
    engine.put(indexName(size), u32(size)),
    TE.chain(() => engine.put(weightsName(size), f32(size))),
    TE.chain(() => engine.put(randomName, u32(2))),
  )

/** The rows of an epoch in the order of training: a permutation keyed by seed and epoch. */
export const epochOrder = (count: number, seed: number, epoch: number): Uint32Array =>
  permutation(count, seed, `epoch ${epoch}`)

/** The rows as they are stored. */
export const storedOrder = (count: number): Uint32Array =>
  Uint32Array.from({ length: count }, (_, i) => i)

/**
 * Inputs of batch `step` of an order; a last batch that is short is padded with row 0 at weight 0. `seed` and step draw
 * what is random in it.
 */
export const batchInputs = (order: Uint32Array, size: number, step: number, seed = 0): Named => {
  const rows = order.subarray(step * size, (step + 1) * size)
  const index = new Uint32Array(size)
  index.set(rows)
  return {
    [indexName(size)]: index,
    [weightsName(size)]: new Float32Array(size).fill(1, 0, rows.length),
    [randomName]: Uint32Array.of(seed, step),
  }
}

/** Number of classes of labels 0..classes-1. */
export const classesOf = (labels: Uint32Array): number =>
  1 + labels.reduce((most, label) => Math.max(most, label), 0)

/** Batches in an epoch. */
export const stepsOf = (count: number, size: number): number => Math.ceil(count / size)

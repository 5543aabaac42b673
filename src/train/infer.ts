// Inference over images that stream past the device: one forward pass, its outputs handed on batch by batch.
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as RA from 'fp-ts/ReadonlyArray'
import * as TE from 'fp-ts/TaskEither'
import { gatherImages } from '../../kernels/gather-images.ts'
import { reshape } from '../../kernels/reshape.ts'
import { type Aval, type Data, f32, u32 } from '../core/aval.ts'
import { type Fault, fault } from '../core/fault.ts'
import { apply } from '../core/op.ts'
import { type Program, trace } from '../core/trace.ts'
import { arg, showShapeErrors, type Value } from '../core/value.ts'
import type { ImageStream } from '../data/image-stream.ts'
import { wordsPerRow } from '../data/labelled-images.ts'
import type { Engine, Named } from '../device/engine.ts'
import { type Forward, forward } from '../models/forward.ts'
import { evaluation } from '../nn/layer.ts'
import { type Network, parameterValues, stateValues } from './network.ts'
import { using } from './run.ts'
import { storedOrder } from './samples.ts'

/** An argument of a program with its contents where they never change. */
interface Given {
  readonly aval: Aval
  readonly data?: Data
}

/** Inputs of a network that come in batches, the last padded. */
export interface Feed {
  readonly count: number
  /** Arguments by name, for batches of `size`. */
  readonly args: (size: number) => Readonly<Record<string, Given>>
  /** Examples [size, ..] from those arguments. */
  readonly value: (size: number) => Value
  /** Contents of the argument `INPUT`, batch by batch. A `Left` is the last that comes. */
  readonly batches: (size: number) => AsyncGenerator<E.Either<Fault, Data>, void, undefined>
}

/** Name of the argument that each batch is written to. */
export const INPUT = 'feed/input'
const INDEX = 'feed/index'

/** Images decoded ahead of the device, standardised on it: all, or the rows given. */
export const imageFeed = (stream: ImageStream, rows = storedOrder(stream.count)): Feed => {
  const { features, mean, std } = stream
  const words = (size: number): Aval => u32(size, wordsPerRow(features))
  return {
    count: rows.length,
    args: size => ({
      [INPUT]: { aval: words(size) },
      [INDEX]: { aval: u32(size), data: storedOrder(size) },
    }),
    value: size =>
      apply(gatherImages, { features, mean, std })(arg(INPUT, words(size)), arg(INDEX, u32(size))),
    batches: size => stream.batches(rows, size),
  }
}

/** Prepared images [N, 3, H, W] row-major, as PyTorch has them. */
export const tensorFeed = (data: Float32Array, [count, ...chw]: ReadonlyArray<number>): Feed => {
  const [channels = 1, height = 1, width = 1] = chw
  const [pixels, length] = [height * width, channels * height * width]
  const total = count ?? 0
  const shape = (size: number): Aval => f32(size, length)
  const batch = (first: number, size: number): Float32Array => {
    const rows = new Float32Array(size * length)
    for (let b = 0; b < Math.min(size, total - first); b++) {
      for (let i = 0; i < length; i++) {
        const [c, p] = [i % channels, Math.floor(i / channels)]
        rows[b * length + i] = data[(first + b) * length + c * pixels + p] ?? 0
      }
    }
    return rows
  }
  return {
    count: total,
    args: size => ({ [INPUT]: { aval: shape(size) } }),
    value: size => arg(INPUT, shape(size)),
    batches: async function* (size) {
      for (let first = 0; first < total; first += size) yield E.right(batch(first, size))
    },
  }
}

/** The program of one batch in evaluation mode; `outputs` says what of the forward pass is read. */
export const inferenceProgram = (
  network: Network,
  feed: Feed,
  size: number,
  outputs: (pass: Forward) => Readonly<Record<string, Value>>,
): E.Either<Fault, Program> => {
  const x = apply(reshape, { shape: [size, ...network.model.input] })(feed.value(size))
  const [params, state] = [parameterValues(network), stateValues(network)]
  const pass = forward(network.model, evaluation)(params, state, x)
  return pipe(
    trace({ outputs: outputs(pass) }),
    E.mapLeft(errors =>
      fault(
        showShapeErrors(errors),
        `model ${network.model.name}`,
        'give images of the size and the channels that the network takes',
      ),
    ),
  )
}

/** Takes the outputs of the images `first` .. `first + rows - 1`; false stops there. */
export type OnBatch = (outputs: Named, first: number, rows: number) => boolean

const putArgs = (engine: Engine, feed: Feed, size: number): TE.TaskEither<Fault, unknown> =>
  pipe(
    Object.entries(feed.args(size)),
    RA.map(([name, { aval, data }]) => engine.put(name, aval, data)),
    TE.sequenceSeqArray,
  )

/**
 * Runs the program over all of a feed; the network's arrays must be in the store. Gives the images that passed. What
 * `onBatch` leaves to go on behind has `settled` while the next batch runs, before it is called again.
 */
export const infer = (
  engine: Engine,
  program: E.Either<Fault, Program>,
  feed: Feed,
  size: number,
  onBatch: OnBatch,
  settled: TE.TaskEither<Fault, void> = TE.right(undefined),
): TE.TaskEither<Fault, number> =>
  pipe(
    putArgs(engine, feed, size),
    TE.chain(() =>
      using<number>(
        engine,
        program,
      )(executable => async () => {
        let first = 0
        for await (const batch of feed.batches(size)) {
          if (E.isLeft(batch)) return batch
          const ran = await executable.run({ [INPUT]: batch.right })()
          if (E.isLeft(ran)) return ran
          const behind = await settled()
          if (E.isLeft(behind)) return behind
          const outputs = await executable.outputs()
          if (E.isLeft(outputs)) return outputs
          const rows = Math.min(size, feed.count - first)
          first += rows
          if (!onBatch(outputs.right, first - rows, rows)) break
        }
        return E.Functor.map(await settled(), () => first)
      }),
    ),
    TE.chainFirstIOK(() => () => engine.drop(Object.keys(feed.args(size)))),
  )

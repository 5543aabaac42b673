// Images decoded a few batches ahead of the device, in bounded memory, or all held at once.
import { availableParallelism } from 'node:os'
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import { type Fault, fault } from '../core/fault.ts'
import type { ImageSource } from './image-source.ts'
import { type PackedImages, wordsPerRow } from './labelled-images.ts'
import { bytesPerImage, type Pixels, showPixels } from './pixels.ts'
import type { Preprocessing, Standard } from './preprocess.ts'

/** Width, height and channels that all images of a set have. */
export type ImageShape = Omit<Pixels, 'bytes'>

/** `count` labelled images of one shape, decoded as they are needed. */
export interface ImageStream extends Standard {
  readonly count: number
  readonly classes: number
  readonly names: ReadonlyArray<string>
  readonly labels: Uint32Array
  readonly shape: ImageShape
  /** Bytes of an image: width * height * channels. */
  readonly features: number
  /**
   * Batches of `size` rows of an order: words [size, ceil(features / 4)], four bytes to a word as `gatherImages` takes
   * them, zeros where the last batch is short. A `Left` is the last that comes. Two batches are decoded ahead.
   */
  readonly batches: (
    order: Uint32Array,
    size: number,
  ) => AsyncGenerator<E.Either<Fault, Uint32Array>, void, undefined>
}

/** Batches decoded before they are asked for. */
const AHEAD = 2

/** Images in the decoder's hands at a time. */
const AT_ONCE = 2 * availableParallelism()

const sameShape = (a: ImageShape, b: ImageShape): boolean =>
  a.width === b.width && a.height === b.height && a.channels === b.channels

const unequal = (where: string, row: number, has: ImageShape, wanted: ImageShape): Fault =>
  fault(
    `image ${row} is ${showPixels(has)}, the first ${showPixels(wanted)}`,
    where,
    'images of unequal sizes need a preprocessing that resizes and crops',
  )

interface Decoding {
  readonly source: ImageSource
  readonly plan: Preprocessing | null
  readonly shape: ImageShape
}

/** Decodes rows into the first words of an array of `size` rows. */
const decodeRows =
  ({ source, plan, shape }: Decoding, rows: Uint32Array, size: number) =>
  async (): Promise<E.Either<Fault, Uint32Array>> => {
    const width = wordsPerRow(bytesPerImage(shape))
    const words = new Uint32Array(size * width)
    const bytes = new Uint8Array(words.buffer)
    let next = 0
    let failed: Fault | null = null
    const work = async (): Promise<void> => {
      while (next < rows.length && failed === null) {
        const i = next++
        const row = rows[i] ?? 0
        const image = await source.pixels(row, plan)()
        if (E.isLeft(image)) failed ??= image.left
        else if (!sameShape(image.right, shape)) {
          failed ??= unequal(source.where, row, image.right, shape)
        } else bytes.set(image.right.bytes, i * width * 4)
      }
    }
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, rows.length) }, work))
    return failed === null ? E.right(words) : E.left(failed)
  }

async function* decodeAhead(
  decoding: Decoding,
  order: Uint32Array,
  size: number,
): AsyncGenerator<E.Either<Fault, Uint32Array>, void, undefined> {
  const queue: Array<Promise<E.Either<Fault, Uint32Array>>> = []
  let last: Promise<unknown> = Promise.resolve()
  let first = 0
  let stopped = false
  const start = (): void => {
    const rows = order.subarray(first, first + size)
    const batch = last.then(() =>
      decodeRows(decoding, stopped ? rows.subarray(0, 0) : rows, size)(),
    )
    first += size
    last = batch
    queue.push(batch)
  }
  try {
    while (first < order.length && queue.length <= AHEAD) start()
    for (let head = queue.shift(); head !== undefined; head = queue.shift()) {
      const batch = await head
      if (first < order.length) start()
      yield batch
      if (E.isLeft(batch)) return
    }
  } finally {
    stopped = true
  }
}

/** Makes a stream of a source; the first image is decoded to know the shape. */
export const streamImages = (
  source: ImageSource,
  plan: Preprocessing | null,
): TE.TaskEither<Fault, ImageStream> =>
  pipe(
    source.pixels(0, plan),
    TE.map(({ width, height, channels }) => {
      const shape = { width, height, channels }
      const { mean, std } = plan ?? source
      const { count, classes, names, labels } = source
      return {
        mean,
        std,
        count,
        classes,
        names,
        labels,
        shape,
        features: bytesPerImage(shape),
        batches: (order, size) => decodeAhead({ source, plan, shape }, order, size),
      }
    }),
  )

/** Images held at once, and their shape. */
export interface HeldImages extends PackedImages {
  readonly shape: ImageShape
}

/** A set that is held at once has at most as many bytes (2 GiB). */
const MOST_HELD = 2 ** 31

/** Decodes all images of a source; `Left` where they are more than 2 GiB. */
export const holdImages = (
  source: ImageSource,
  plan: Preprocessing | null,
): TE.TaskEither<Fault, HeldImages> =>
  pipe(
    streamImages(source, plan),
    TE.filterOrElse(
      ({ count, features }) => count * features <= MOST_HELD,
      ({ count, shape }) =>
        fault(
          `${count} images of ${showPixels(shape)} are more than the ${MOST_HELD} bytes held at once`,
          source.where,
          'take fewer with perClass=',
        ),
    ),
    TE.chain(({ count, classes, labels, features, shape }) =>
      pipe(
        decodeRows({ source, plan, shape }, Uint32Array.from(labels.keys()), count),
        TE.map(words => ({ count, classes, labels, features, words, shape })),
      ),
    ),
  )

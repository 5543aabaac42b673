// Features on disk made ready to be read in blocks: found, checked, with labels and classifier.
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import {
  checkLabels,
  checkLastLayer,
  type Chosen,
  chooseArrays,
  decodeLabels,
  featureShape,
} from '../codec/features.ts'
import { type Dtype, floatsOf } from '../codec/number-array.ts'
import { type Classifier, classIds } from '../collapse/features.ts'
import { faultOfMetric, oneClass } from '../collapse/metric-error.ts'
import { type Fault, fault } from '../core/fault.ts'
import {
  arraysOf,
  npyName,
  readArray,
  type StoredArray,
  unpacked,
} from './feature-source-arrays.ts'
import { closeFile, type OpenFile, openFile } from './feature-source-bytes.ts'

/** Where rows of features lie: `n` rows of `d` values of `dtype`, `offset` bytes into `fd`. */
export interface RowsOnDisk {
  readonly path: string
  readonly fd: number
  readonly offset: number
  readonly dtype: Dtype
  readonly fortran: boolean
  readonly n: number
  readonly d: number
}

/** Rows of features in memory, row-major; threads share them uncopied. `path` is what faults call them. */
export interface RowsHeld {
  readonly path: string
  readonly held: Float32Array<SharedArrayBuffer>
  readonly dtype: 'F32'
  readonly fortran: false
  readonly n: number
  readonly d: number
}

/** Rows of features, wherever they are. */
export type Rows = RowsOnDisk | RowsHeld

/** Features with all that a measurement needs besides. */
export interface LabelledRows {
  readonly rows: Rows
  readonly ids: Int32Array
  readonly classes: number
  readonly classifier: Classifier | null
}

/** Features on disk with all that a measurement needs besides; `close` when done. */
export interface FeatureSource extends LabelledRows {
  readonly rows: RowsOnDisk
  readonly close: () => void
}

/** Files to measure: `labels` is needed where the features' file has none. */
export interface FeatureFiles {
  readonly features: string
  readonly labels?: string
}

interface Opened {
  readonly file: OpenFile
  readonly arrays: ReadonlyMap<string, StoredArray>
}

// Opens a file, runs `use`, and closes the file where that fails or `keep` is false.
const withFile = <A>(
  path: string,
  keep: boolean,
  use: (opened: Opened) => TE.TaskEither<Fault, A>,
): TE.TaskEither<Fault, A> =>
  pipe(
    TE.fromEither(openFile(path)),
    TE.chain(file =>
      pipe(
        arraysOf(file),
        TE.chain(arrays => use({ file, arrays })),
        TE.bimap(
          wrong => {
            closeFile(file)
            return wrong
          },
          value => {
            if (!keep) closeFile(file)
            return value
          },
        ),
      ),
    ),
  )

const arrayNamed = ({ file, arrays }: Opened, name: string): E.Either<Fault, StoredArray> =>
  E.fromNullable(fault(`no array '${name}'`, file.path, `name one '${name}'`))(arrays.get(name))

const readLabels = (opened: Opened, name: string, n: number): TE.TaskEither<Fault, Int32Array> => {
  const where = name === npyName ? opened.file.path : `${opened.file.path}: ${name}`
  return pipe(
    TE.fromEither(arrayNamed(opened, name)),
    TE.chainFirstEitherK(array => checkLabels(array, n, where)),
    TE.chain(array => readArray(opened.file, array)),
    TE.chainEitherK(array => decodeLabels(array, where)),
  )
}

const labelsFrom = (
  path: string | undefined,
  opened: Opened,
  chosen: Chosen,
  n: number,
): TE.TaskEither<Fault, Int32Array> => {
  if (path !== undefined) {
    return withFile(path, false, other =>
      readLabels(other, other.arrays.has(npyName) ? npyName : 'labels', n),
    )
  }
  return chosen.labels === null
    ? TE.left(fault('no labels', opened.file.path, "add an array 'labels' or give --labels FILE"))
    : readLabels(opened, chosen.labels, n)
}

const classesOf = (ids: Int32Array, where: string) =>
  pipe(
    classIds(ids),
    E.filterOrElse(
      ({ classes }) => classes > 1,
      () => oneClass,
    ),
    E.mapLeft(faultOfMetric(where)),
  )

const readFloats = (opened: Opened, name: string) =>
  pipe(
    TE.fromEither(arrayNamed(opened, name)),
    TE.chain(array => readArray(opened.file, array)),
    TE.chainEitherK(array => floatsOf(array, `${opened.file.path}: ${name}`)),
  )

const readClassifier = (
  opened: Opened,
  { weight, bias }: Chosen,
  size: readonly [number, number],
): TE.TaskEither<Fault, Classifier | null> => {
  if (weight === null) return TE.right(null)
  return pipe(
    TE.fromEither(arrayNamed(opened, weight)),
    TE.chainEitherK(w =>
      checkLastLayer(
        w,
        bias === null ? null : (opened.arrays.get(bias) ?? null),
        size,
        opened.file.path,
      ),
    ),
    TE.chain(() => readFloats(opened, weight)),
    TE.chain(w =>
      bias === null
        ? TE.right({ weight: w })
        : TE.map((b: ArrayLike<number>) => ({ weight: w, bias: b }))(readFloats(opened, bias)),
    ),
  )
}

const rowsOf = (
  { path, fd }: OpenFile,
  { offset, dtype, fortran }: StoredArray,
  [n, d]: readonly [number, number],
): RowsOnDisk => ({ path, fd, offset, dtype, fortran, n, d })

const prepare =
  (labels: string | undefined) =>
  (opened: Opened): TE.TaskEither<Fault, FeatureSource> =>
    pipe(
      TE.Do,
      TE.apS('chosen', TE.fromEither(chooseArrays(opened.arrays, opened.file.path))),
      TE.bind('array', ({ chosen }) => TE.fromEither(arrayNamed(opened, chosen.features))),
      TE.bind('shape', ({ array }) => TE.fromEither(featureShape(array, opened.file.path))),
      TE.bind('ids', ({ chosen, shape: [n] }) => labelsFrom(labels, opened, chosen, n)),
      TE.bind('classes', ({ ids }) =>
        TE.fromEither(classesOf(ids, labels ?? `${opened.file.path}: labels`)),
      ),
      TE.bind('classifier', ({ chosen, shape: [, d], classes: { classes } }) =>
        readClassifier(opened, chosen, [classes, d]),
      ),
      TE.bind('inflated', ({ array }) => unpacked(opened.file, array)),
      TE.map(({ array, shape, ids, classes: { classes }, classifier, inflated }) => ({
        rows: rowsOf(inflated.file, array, shape),
        ids,
        classes,
        classifier,
        close: () => {
          inflated.close()
          closeFile(opened.file)
        },
      })),
    )

/** Opens features for a measurement: finds the arrays, checks types, shapes, and labels, reads
 * labels and classifier, and leaves the features on disk. Left is one clear fault. */
export const openFeatures = ({
  features,
  labels,
}: FeatureFiles): TE.TaskEither<Fault, FeatureSource> => withFile(features, true, prepare(labels))

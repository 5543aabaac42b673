// The data sets that can be named, each a table entry, and how a data spec becomes images.
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import { suggestion } from '../codec/closed.ts'
import { type DataSpec, type Split, showDataSpec } from '../codec/data-spec.ts'
import { type Fault, fault } from '../core/fault.ts'
import { chooseRows, type LabelledImages, type PackedImages, packRows } from './labelled-images.ts'
import { readMnist } from './mnist.ts'

/** A kind of data set. `mean` and `std` are of pixels in [0, 1], per channel. */
export interface DataSet {
  readonly mean: ReadonlyArray<number>
  readonly std: ReadonlyArray<number>
  /** Whether a path follows the name: `folder:PATH`. */
  readonly takesPath: boolean
  readonly read: (
    dataRoot: string,
    split: Split,
    path: string,
  ) => TE.TaskEither<Fault, LabelledImages>
}

/** All data sets by name. */
export const dataSets: Readonly<Record<string, DataSet>> = {
  mnist: { mean: [0.1307], std: [0.3081], takesPath: false, read: readMnist },
}

/** Images of a spec, and how their pixels are standardised. */
export interface LoadedImages {
  readonly images: PackedImages
  readonly mean: ReadonlyArray<number>
  readonly std: ReadonlyArray<number>
}

/** The table entry of a spec; a fault that lists the names where there is none. */
export const findDataSet = (spec: DataSpec): E.Either<Fault, DataSet> => {
  const where = `data ${showDataSpec(spec)}`
  const known = Object.keys(dataSets)
  const found = Object.hasOwn(dataSets, spec.name) ? dataSets[spec.name] : undefined
  if (found === undefined) {
    return E.left(fault(`unknown data set '${spec.name}'`, where, suggestion(spec.name, known)))
  }
  return found.takesPath === (spec.path !== null)
    ? E.right(found)
    : E.left(
        found.takesPath
          ? fault('a path must follow the name', where, `write ${spec.name}:PATH`)
          : fault('takes no path', where, `write ${spec.name}`),
      )
}

/**
 * Reads a split of what the spec names. `perClass` bears on the split that the spec names, the training split where it
 * names none; the other split is whole.
 */
export const loadImages = (
  spec: DataSpec,
  split: Split,
  dataRoot: string,
): TE.TaskEither<Fault, LoadedImages> => {
  const perClass = split === (spec.split ?? 'train') ? spec.perClass : null
  return pipe(
    TE.fromEither(findDataSet(spec)),
    TE.bindTo('set'),
    TE.bind('all', ({ set }) => set.read(dataRoot, split, spec.path ?? '')),
    TE.chainEitherK(({ set: { mean, std }, all }) =>
      pipe(
        chooseRows(all, { ...spec, perClass }, `data ${showDataSpec(spec)}, ${split} split`),
        E.map(rows => ({ images: packRows(all, rows, spec.classes), mean, std })),
      ),
    ),
  )
}

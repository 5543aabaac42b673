// Labelled images one at a time, from arrays in memory or from files: what streams and held sets are made of.
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import { type Fault, fault } from '../core/fault.ts'
import type { ClassFile } from './class-tree.ts'
import { decodeImage, imageSize } from './decode-image.ts'
import type { ImageFiles } from './image-files.ts'
import { type ImageArrays, renumbering } from './labelled-images.ts'
import { bytesPerImage, type Pixels, type Size } from './pixels.ts'
import { type Preprocessing, preprocessPixels, type Standard } from './preprocess.ts'

/** `count` images with labels 0 .. classes-1, decoded when they are asked for. */
export interface ImageSource extends Standard {
  /** The folder or file that holds them. */
  readonly where: string
  readonly count: number
  readonly classes: number
  readonly names: ReadonlyArray<string>
  readonly labels: Uint32Array
  /** Size of an image before preprocessing. */
  readonly size: (row: number) => TE.TaskEither<Fault, Size>
  /** Pixels of an image after preprocessing (null: none). */
  readonly pixels: (row: number, plan: Preprocessing | null) => TE.TaskEither<Fault, Pixels>
}

/** What of a source is meant: rows, and the classes in their new order (null: all). */
export interface Chosen {
  readonly rows: Uint32Array
  readonly classes: ReadonlyArray<number> | null
}

const chosenNames = (
  names: ReadonlyArray<string>,
  classes: ReadonlyArray<number> | null,
): ReadonlyArray<string> => classes?.map(label => names[label] ?? '') ?? names

/** Rows of arrays; `standard` goes with them. */
export const arraysSource = (
  arrays: ImageArrays,
  { rows, classes }: Chosen,
  { mean, std }: Standard,
): ImageSource => {
  const { width, height, channels, where } = arrays
  const length = bytesPerImage(arrays)
  const renumber = renumbering(classes)
  const imageAt = (row: number): Pixels => {
    const start = (rows[row] ?? 0) * length
    return { width, height, channels, bytes: arrays.bytes.subarray(start, start + length) }
  }
  const refuse = (what: string): Fault => fault(what, where, 'take another preprocessing')
  return {
    mean,
    std,
    where,
    count: rows.length,
    classes: classes?.length ?? arrays.classes,
    names: chosenNames(arrays.names, classes),
    labels: Uint32Array.from(rows, row => renumber(arrays.labels[row] ?? 0)),
    size: () => TE.right({ width, height }),
    pixels: (row, plan) =>
      plan === null
        ? TE.right(imageAt(row))
        : TE.fromEither(E.Bifunctor.mapLeft(preprocessPixels(imageAt(row), plan), refuse)),
  }
}

/** Rows of a list of image files; `standard` goes with them. */
export const filesSource = (
  files: ImageFiles,
  list: ReadonlyArray<ClassFile>,
  { rows, classes }: Chosen,
  { mean, std }: Standard,
): ImageSource => {
  const renumber = renumbering(classes)
  const pathAt = (row: number): string => list[rows[row] ?? 0]?.path ?? ''
  const decoded =
    <A>(decode: (file: Uint8Array, where: string) => TE.TaskEither<Fault, A>) =>
    (row: number): TE.TaskEither<Fault, A> =>
      pipe(
        files.read(pathAt(row)),
        TE.chain(file => decode(file, `${files.where}, ${pathAt(row)}`)),
      )
  return {
    mean,
    std,
    where: files.where,
    count: rows.length,
    classes: classes?.length ?? files.names.length,
    names: chosenNames(files.names, classes),
    labels: Uint32Array.from(rows, row => renumber(list[row]?.label ?? 0)),
    size: decoded(imageSize),
    pixels: (row, plan) => decoded((file, where) => decodeImage(file, where, plan))(row),
  }
}

// Labelled images on the host, and the part of them that a data spec takes.
import * as E from 'fp-ts/Either'
import type { DataSpec } from '../codec/data-spec.ts'
import { type Fault, fault } from '../core/fault.ts'
import { permutation } from '../core/random.ts'

/** `count` images of `features` bytes each, channels last, with labels 0 .. classes-1. */
export interface LabelledImages {
  readonly count: number
  readonly features: number
  readonly classes: number
  readonly bytes: Uint8Array
  readonly labels: Uint8Array | Uint16Array | Uint32Array
}

/** Images of one size, where they were found, and the names of their classes. */
export interface ImageArrays extends LabelledImages {
  readonly width: number
  readonly height: number
  readonly channels: number
  readonly where: string
  readonly names: ReadonlyArray<string>
}

/** Images as the device takes them: rows of four bytes to a word, the first in the lowest bits, padded to whole words. */
export interface PackedImages {
  readonly count: number
  readonly features: number
  readonly classes: number
  readonly words: Uint32Array
  readonly labels: Uint32Array
}

/** Labels 0 .. classes-1 of rows. */
export type Labels = Pick<LabelledImages, 'labels' | 'classes'>

const rowsByClass = ({ labels, classes }: Labels): ReadonlyArray<Uint32Array> => {
  const rows: ReadonlyArray<Array<number>> = Array.from({ length: classes }, () => [])
  for (let i = 0; i < labels.length; i++) rows[labels[i] ?? 0]?.push(i)
  return rows.map(r => Uint32Array.from(r))
}

/** `n` of the rows, chosen by the seed: those chosen for a smaller `n` are among them. */
const chosen = (rows: Uint32Array, label: number, n: number, seed: number): Uint32Array =>
  permutation(rows.length, seed, `subset of class ${label}`)
    .subarray(0, n)
    .map(i => rows[i] ?? 0)

/** What of a spec chooses rows. */
export type Choice = Pick<DataSpec, 'classes' | 'perClass' | 'seed'>

const absent = (classes: number, label: number, where: string): Fault =>
  fault(`there is no class ${label}`, where, `classes are 0-${classes - 1}`)

const tooFew = (label: number, has: number, wanted: number, where: string): Fault =>
  fault(`class ${label} has ${has} samples, not ${wanted}`, where, `lower perClass to ${has}`)

/**
 * The rows that a spec takes, in stored order: stratified, seeded, and nested, so that 50 per class are among the 100
 * per class of the same seed. A fault where a class does not exist or has too few.
 */
export const chooseRows = (
  images: Labels,
  { classes, perClass, seed }: Choice,
  where: string,
): E.Either<Fault, Uint32Array> => {
  const byClass = rowsByClass(images)
  const taken: Array<Uint32Array> = []
  for (const label of classes ?? byClass.keys()) {
    const rows = byClass[label]
    if (rows === undefined) return E.left(absent(images.classes, label, where))
    if (perClass !== null && rows.length < perClass) {
      return E.left(tooFew(label, rows.length, perClass, where))
    }
    taken.push(perClass === null ? rows : chosen(rows, label, perClass, seed ?? 0))
  }
  return E.right(Uint32Array.from(taken.flatMap(rows => [...rows])).sort())
}

/** New numbers for labels: `classes[i]` becomes `i` (null: labels stay). */
export const renumbering = (classes: ReadonlyArray<number> | null): ((label: number) => number) => {
  const renumbered = new Map(classes?.map((label, i) => [label, i]))
  return label => (classes === null ? label : (renumbered.get(label) ?? 0))
}

/** Words that a row of bytes takes. */
export const wordsPerRow = (features: number): number => Math.ceil(features / 4)

/** Packs the rows; label `classes[i]` becomes `i` (null: labels stay). */
export const packRows = (
  { features, bytes, labels, classes: all }: LabelledImages,
  rows: Uint32Array,
  classes: ReadonlyArray<number> | null,
): PackedImages => {
  const width = wordsPerRow(features)
  const words = new Uint32Array(rows.length * width)
  const packed = new Uint8Array(words.buffer)
  const renumber = renumbering(classes)
  rows.forEach((row, i) => {
    packed.set(bytes.subarray(row * features, (row + 1) * features), i * width * 4)
  })
  return {
    count: rows.length,
    features,
    classes: classes?.length ?? all,
    words,
    labels: rows.map(row => renumber(labels[row] ?? 0)),
  }
}

// What a data spec stands for, in numbers: where it lies, its classes, how many images of each, their sizes.
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import { type DataSpec, type Split, showDataSpec } from '../codec/data-spec.ts'
import { type Fault, showFault } from '../core/fault.ts'
import { openImages } from './data-sets.ts'
import type { ImageSource } from './image-source.ts'
import type { Size } from './pixels.ts'

/** From the smallest to the largest. */
export type Range = readonly [least: number, most: number]

/** Images of a split, in all and by class; `looked` is how many were asked for their size. */
export interface SplitDescription {
  readonly count: number
  readonly perClass: ReadonlyArray<number>
  readonly width: Range
  readonly height: Range
  readonly looked: number
}

/** A described spec; a split that is not there says why. */
export interface DataDescription {
  readonly spec: string
  readonly where: string
  readonly classes: ReadonlyArray<string>
  readonly splits: Readonly<Partial<Record<Split, SplitDescription | { readonly missing: string }>>>
}

/** Sizes are read of at most as many images, spread over the split. */
const MOST_LOOKED = 100

const rangeOf = (values: ReadonlyArray<number>): Range => [Math.min(...values), Math.max(...values)]

const countsOf = ({ classes, labels }: ImageSource): ReadonlyArray<number> => {
  const counts = Array.from({ length: classes }, () => 0)
  for (const label of labels) counts[label] = (counts[label] ?? 0) + 1
  return counts
}

const describeSplit = (source: ImageSource): TE.TaskEither<Fault, SplitDescription> => {
  const looked = Math.min(source.count, MOST_LOOKED)
  const rows = Array.from({ length: looked }, (_, i) => Math.floor((i * source.count) / looked))
  return pipe(
    TE.traverseSeqArray(source.size)(rows),
    TE.map((sizes: ReadonlyArray<Size>) => ({
      count: source.count,
      perClass: countsOf(source),
      width: rangeOf(sizes.map(size => size.width)),
      height: rangeOf(sizes.map(size => size.height)),
      looked,
    })),
  )
}

interface Described {
  readonly source: ImageSource
  readonly description: SplitDescription
}

const describeOne =
  (spec: DataSpec, dataRoot: string) =>
  (split: Split): TE.TaskEither<Fault, Described> =>
    pipe(
      openImages(spec, split, dataRoot),
      TE.bindTo('source'),
      TE.bind('description', ({ source }) => describeSplit(source)),
    )

const splitsOf = (
  outcomes: ReadonlyArray<readonly [Split, E.Either<Fault, Described>]>,
): DataDescription['splits'] =>
  Object.fromEntries(
    outcomes.map(([split, outcome]) => [
      split,
      E.isLeft(outcome) ? { missing: showFault(outcome.left) } : outcome.right.description,
    ]),
  )

/** Describes the split that a spec names, or both; `Left` where none can be opened. */
export const describeData =
  (spec: DataSpec, dataRoot: string): TE.TaskEither<Fault, DataDescription> =>
  async () => {
    const describe = describeOne(spec, dataRoot)
    const asked = spec.split ?? 'train'
    const main = await describe(asked)()
    const other = spec.split === null ? ([['test', await describe('test')()]] as const) : []
    const outcomes = [[asked, main] as const, ...other]
    const found = outcomes.find(([, outcome]) => E.isRight(outcome))?.[1] ?? main
    return pipe(
      found,
      E.map(({ source }) => ({
        spec: showDataSpec(spec),
        where: source.where,
        classes: source.names,
        splits: splitsOf(outcomes),
      })),
    )
  }

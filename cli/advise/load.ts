// The networks that `collapse advise` is asked about, and the sample of images that they are scored on.
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import type { DataSpec } from '../../src/codec/data-spec.ts'
import { type Fault, fault } from '../../src/core/fault.ts'
import { permutation } from '../../src/core/random.ts'
import type { Feed } from '../../src/train/infer.ts'
import type { AdviseFlags } from '../advise.ts'
import type { LoadedNetwork } from '../network/load-network.ts'
import { openData } from '../network/open-feed.ts'
import { loadSource, type Source, type SourceFlags, sourceOf } from '../network/source.ts'
import type { Session } from '../run.ts'

/** The networks that flags name, each with its weights, or that of a run. */
export const sourcesOf = ({
  from,
  model,
  models,
  weights,
}: SourceFlags & Pick<AdviseFlags, 'models'>): E.Either<Fault, ReadonlyArray<Source>> => {
  if (models === undefined) {
    return E.Functor.map(sourceOf({ from, model, weights }), source => [source])
  }
  const other = model === undefined ? (from === undefined ? null : '--from') : '--model'
  if (other !== null) {
    return E.left(fault(`both ${other} and --models`, '--models', 'give one of them'))
  }
  const files = weights?.split(',').map(file => file.trim()) ?? []
  return files.length === models.length
    ? E.right(models.map((name, i) => ({ _tag: 'Named', model: name, weights: files[i] ?? '' })))
    : E.left(
        fault(
          `${files.length} files for ${models.length} networks`,
          '--weights',
          'give a file for each network, with commas between',
        ),
      )
}

/** A network, and whether its weights have a classifier of their own. */
export interface Candidate extends LoadedNetwork {
  readonly hasHead: boolean
}

/** Loads a network with its own classifier, or, where the weights have none, with one that is not looked at. */
export const loadCandidate = (
  source: Source,
  size: number | undefined,
  seed: number,
): TE.TaskEither<Fault, Candidate> => {
  const load = (head: 'keep' | 'drop') =>
    pipe(
      loadSource(source, { ...(size === undefined ? {} : { size }), head, seed }),
      TE.map(loaded => ({ ...loaded, hasHead: head === 'keep' })),
    )
  return pipe(
    load('keep'),
    TE.orElse(why =>
      pipe(
        load('drop'),
        TE.mapLeft(() => why),
      ),
    ),
  )
}

/** Images that are scored, their labels, and of how many they are; `perClass` null where classes differ in size. */
export interface Sample {
  readonly feed: Feed
  readonly labels: Int32Array
  readonly of: number
  readonly classes: number
  readonly perClass: number | null
}

/** At least as many images of each class, where it has them: fewer have no spread to speak of. */
const LEAST = 4

/** Rows in rising order: as many of each class, drawn by the seed, so that all are at most `most` or `LEAST` a class. */
export const sampleRows = (labels: Uint32Array, most: number, seed: number): Uint32Array => {
  const byClass = new Map<number, Array<number>>()
  labels.forEach((label, row) => {
    byClass.set(label, [...(byClass.get(label) ?? []), row])
  })
  const share = Math.max(LEAST, Math.floor(most / byClass.size))
  const least = Math.min(share, ...[...byClass.values()].map(rows => rows.length))
  const each = least < LEAST ? share : least
  const taken = [...byClass].flatMap(([label, rows]) => {
    const drawn = permutation(rows.length, seed, `advise.${label}`)
    return [...drawn.subarray(0, each)].map(at => rows[at] ?? 0)
  })
  return Uint32Array.from(taken).sort()
}

const sampleOf = (
  labels: Uint32Array,
  pick: (rows: Uint32Array) => Feed,
  most: number,
  seed: number,
): E.Either<Fault, Sample> => {
  const rows = sampleRows(labels, most, seed)
  const chosen = Int32Array.from(rows, row => labels[row] ?? 0)
  const classes = 1 + labels.reduce((top, label) => Math.max(top, label), 0)
  const counts = Array.from({ length: classes }, (_, k) => chosen.filter(id => id === k).length)
  const [first = 0] = counts
  if (classes < 2)
    return E.left(fault('all images are of one class', '--data', 'take two at least'))
  const perClass = counts.every(n => n === first) ? first : null
  return E.right({ feed: pick(rows), labels: chosen, of: labels.length, classes, perClass })
}

/** The training split of a data set for a network, and a sample of it. */
export const openSample = (
  network: LoadedNetwork,
  spec: DataSpec,
  { images }: Pick<AdviseFlags, 'images'>,
  { common }: Session,
): TE.TaskEither<Fault, Sample> =>
  pipe(
    openData(network, spec, spec.split ?? 'train', common.dataRoot),
    TE.chainEitherK(({ labels, pick }) =>
      labels === null
        ? E.left(fault('no labels', '--data', 'give a labelled data set'))
        : sampleOf(labels, pick, images, common.seed ?? 0),
    ),
  )

/** Images of the test split; 0 where it cannot be opened. */
export const countTest = (
  network: LoadedNetwork,
  spec: DataSpec,
  { common }: Session,
): TE.TaskEither<Fault, number> =>
  pipe(
    openData(network, { ...spec, perClass: null }, 'test', common.dataRoot),
    TE.map(({ feed }) => feed.count),
    TE.orElse(() => TE.right(0)),
  )

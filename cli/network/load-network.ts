// A named network with weights from a file: names turned, embeddings resized, matched, put on an engine.
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import { suggestion } from '../../src/codec/closed.ts'
import type { DataSpec } from '../../src/codec/data-spec.ts'
import { matchWeights, showMatch, wholeMatch } from '../../src/codec/match-weights.ts'
import { isResizable, resizeEmbedding } from '../../src/codec/resize-embedding.ts'
import type { Weights } from '../../src/codec/weights.ts'
import { type Fault, fault } from '../../src/core/fault.ts'
import type { Prepare } from '../../src/data/data-sets.ts'
import { readNetworkWeights } from '../../src/data/read-weights.ts'
import type { Engine } from '../../src/device/engine.ts'
import { headName, type Model } from '../../src/models/model.ts'
import { type Entry, entries } from '../../src/models/registry.ts'
import {
  arraysWhere,
  type Contents,
  type Network,
  networkOf,
  putContents,
  startingContents,
} from '../../src/train/network.ts'
import { channelsOf, preparationFor } from './preparation.ts'

/** Which network, from which file; a head that is dropped begins anew from the seed. */
export interface Wanted {
  readonly model: string
  readonly weights: string
  readonly head: 'keep' | 'drop'
  /** Classes of a new head; those of the public weights where left out. A head that is kept has its own. */
  readonly classes?: number
  /** Height and width of the images; the network's own where left out. */
  readonly size?: number
  readonly seed: number
}

/** A network with its contents: what it is called, whose names its weights had, and how images become its input. */
export interface LoadedNetwork {
  readonly model: string
  readonly weights: string
  readonly prepare: Prepare
  readonly network: Network
  readonly contents: Contents
  readonly origin: string
  /** Ops are in it that are not ours. */
  readonly plugins: boolean
  /** The data that it was trained on here; null for any other network. */
  readonly data: DataSpec | null
  /** What matched and what did not, for people. */
  readonly said: string
}

/** The entry of a name; a fault that lists the names where there is none. */
const entryNamed = (name: string): E.Either<Fault, Entry> =>
  E.fromNullable(
    fault(`unknown network '${name}'`, '--model', suggestion(name, Object.keys(entries))),
  )(Object.hasOwn(entries, name) ? entries[name] : undefined)

/** The entry with another size of images; a fault where the network cannot take it. */
export const entryOfSize = (
  model: string,
  size: number | null | undefined,
): E.Either<Fault, Entry> =>
  pipe(
    entryNamed(model),
    E.map(entry => ({ ...entry, size: size ?? entry.size })),
    E.filterOrElse(
      ({ size: wanted, patch = 1 }) => wanted % patch === 0,
      ({ size: wanted, patch }) =>
        fault(`${wanted} is no multiple of ${patch}`, `--size of ${model}`, 'change it'),
    ),
  )

const embeddingName = 'encoder.pos_embedding'

/** Position embeddings of another grid than the network's become the network's. */
const resized = (weights: Weights, tokens: number | undefined): Weights => {
  const given = weights.get(embeddingName)
  return given === undefined ||
    tokens === undefined ||
    given.shape[1] === tokens ||
    !isResizable(given.shape, tokens)
    ? weights
    : new Map([...weights, [embeddingName, resizeEmbedding(given, tokens)]])
}

/** Classes of the classifier among weights: rows of the matrix under the head's name; none where there is no such. */
export const classesIn = (weights: Weights, head: string): number | undefined =>
  [...weights].find(
    ([name, { shape }]) =>
      name.startsWith(`${head}.`) && name.endsWith('weight') && shape.length > 1,
  )?.[1].shape[0]

const sized = (model: Model, entry: Entry, weights: Weights, wanted: Wanted): Model => ({
  ...model,
  classes:
    (wanted.head === 'drop' ? wanted.classes : classesIn(weights, headName(model))) ??
    entry.classes,
})

/**
 * Fits weights under torchvision's names to a network: what they do not have of the head begins from the seed. `said`
 * tells people what matched; a fault where they do not fit.
 */
export const fitWeights = (
  network: Network,
  given: Weights,
  { head, weights: path, seed }: Pick<Wanted, 'head' | 'weights' | 'seed'>,
): E.Either<Fault, { readonly contents: Contents; readonly said: string }> => {
  const choice = { head, headNames: [headName(network.model)] }
  const all = arraysWhere(network, () => true)
  const tokens = all.find(([name]) => name === embeddingName)?.[1].aval.shape[1]
  const weights = resized(given, tokens)
  const matched = matchWeights(
    all.map(([name, { aval }]) => [name, aval.shape]),
    weights,
    choice,
  )
  const grid = weights === given ? '' : '; position embeddings resized'
  return pipe(
    wholeMatch(matched, choice, path),
    E.map(found => ({
      contents: {
        ...startingContents(network, seed, name => !found.matched.has(name)),
        ...Object.fromEntries([...found.matched].map(([name, { data }]) => [name, data])),
      },
      said: `${showMatch(found)}${grid}`,
    })),
  )
}

/** Reads the weights and fits them to the network; a fault where they do not fit. */
export const loadNetwork = (wanted: Wanted): TE.TaskEither<Fault, LoadedNetwork> =>
  pipe(
    TE.fromEither(entryOfSize(wanted.model, wanted.size)),
    TE.bindTo('entry'),
    TE.bind('read', () => readNetworkWeights(wanted.weights)),
    TE.chainEitherK(({ entry, read: { origin, weights } }) => {
      const model = entry.make(entry)
      return pipe(
        networkOf(sized(model, entry, weights, wanted), 'net'),
        E.bindTo('network'),
        E.bind('matched', ({ network }) => fitWeights(network, weights, wanted)),
        E.map(
          ({ network, matched }): LoadedNetwork => ({
            ...{ model: wanted.model, weights: wanted.weights },
            ...{ network, origin, plugins: false, data: null, ...matched },
            prepare: images => preparationFor(entry, origin, images, channelsOf(network.model)),
          }),
        ),
      )
    }),
  )

/** Puts the network's arrays on an engine. */
export const putNetwork = (
  engine: Engine,
  { network, contents }: LoadedNetwork,
): TE.TaskEither<Fault, void> => putContents(engine, network, contents)

/** Images that one batch holds well: fewer of large ones, more on a real GPU. */
export const batchFor = ({ target }: Pick<Engine, 'target'>, { input }: Model): number => {
  const values = input.reduce((n, side) => n * side, 1)
  const budget = target.family === 'tiled' ? 2 ** 24 : 2 ** 21
  return Math.max(1, Math.min(256, Math.round(budget / values)))
}

// Which network a config names, where it begins, and how images become its input.
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import { suggestion } from '../../src/codec/closed.ts'
import type { toTorchvision } from '../../src/codec/key-map.ts'
import type { PluginOp } from '../../src/codec/plugin.ts'
import type { TrainConfig } from '../../src/codec/train-config.ts'
import type { Weights } from '../../src/codec/weights.ts'
import { type Fault, fault } from '../../src/core/fault.ts'
import type { Prepare } from '../../src/data/data-sets.ts'
import { readNetworkWeights } from '../../src/data/read-weights.ts'
import { mlp } from '../../src/models/mlp.ts'
import type { Model } from '../../src/models/model.ts'
import type { Entry } from '../../src/models/registry.ts'
import { elementwise } from '../../src/nn/elementwise.ts'
import type { Empty, Layer } from '../../src/nn/layer.ts'
import type { ClassSamples } from '../../src/train/load-samples.ts'
import {
  type Contents,
  type Network,
  networkOf,
  startingContents,
} from '../../src/train/network.ts'
import { entryOfSize, fitWeights } from '../network/load-network.ts'
import { channelsOf, preparationFor } from '../network/preparation.ts'

type Activation = Layer<Empty, Empty>

/** The layer of a name; none for the models' own. */
const activationOf = (
  name: string,
  ops: ReadonlyArray<PluginOp>,
): E.Either<Fault, { readonly activation?: Activation }> => {
  if (name === 'relu') return E.right({})
  const unary = ops.find(({ op }) => op.name === name)
  return unary === undefined
    ? E.left(
        fault(
          `unknown activation '${name}'`,
          '--activation',
          `${suggestion(name, ['relu', ...ops.map(({ op }) => op.name)])}; --plugin FILE brings more`,
        ),
      )
    : E.right({ activation: elementwise(unary) })
}

/** Weights under torchvision's names, and whose names they had. */
type Named = ReturnType<typeof toTorchvision>

/** A network before its data are known: `inputs` are the values of an image, which only an MLP needs to be told. */
export interface Choice {
  readonly prepare: Prepare
  readonly make: (sizes: { readonly classes: number; readonly inputs: number }) => Model
  /** Null from scratch. */
  readonly weights: Weights | null
  /** Whose names the weights had, torchvision's from scratch. */
  readonly origin: string
}

const namedNetwork = (entry: Entry, read: Named | null): Choice => ({
  prepare: images =>
    preparationFor(
      entry,
      read?.origin ?? 'torchvision',
      images,
      channelsOf(entry.make({ size: entry.size, classes: entry.classes })),
    ),
  make: ({ classes }) => entry.make({ size: entry.size, classes }),
  weights: read?.weights ?? null,
  origin: read?.origin ?? 'torchvision',
})

const asStored: Prepare = () => null

/** Reads the weights, if there are any, and looks the names up. */
export const chooseNetwork = (
  config: TrainConfig,
  ops: ReadonlyArray<PluginOp>,
): TE.TaskEither<Fault, Choice> => {
  const { model, size, depth, width, activation, weights } = config
  const read = (): TE.TaskEither<Fault, Named | null> =>
    weights === null ? TE.right(null) : readNetworkWeights(weights)
  return pipe(
    TE.fromEither(entryOfSize(model, size)),
    TE.bindTo('entry'),
    TE.bind('layer', () => TE.fromEither(activationOf(activation ?? 'relu', ops))),
    TE.bind('read', read),
    TE.map(
      ({ entry, layer, read }): Choice =>
        depth === null || width === null
          ? namedNetwork(entry, read)
          : {
              prepare: asStored,
              make: sizes => mlp({ ...sizes, depth, width, ...layer }),
              weights: read?.weights ?? null,
              origin: read?.origin ?? 'torchvision',
            },
    ),
  )
}

/** A network, and its starting contents, which may be more than fits; `said` tells what matched of the weights, null from scratch. */
export interface Begun {
  readonly network: Network
  readonly start: () => Contents
  readonly said: string | null
}

/** Makes the network for the data, from the seed or from the weights. */
export const begin = (
  { seed, head, weights: path }: TrainConfig,
  { make, weights }: Choice,
  { classes, shape: { width, height, channels } }: ClassSamples,
): E.Either<Fault, Begun> =>
  pipe(
    networkOf(make({ classes, inputs: width * height * channels }), 'net'),
    E.chain(
      (network): E.Either<Fault, Begun> =>
        weights === null || path === null
          ? E.right({ network, start: () => startingContents(network, seed), said: null })
          : pipe(
              fitWeights(network, weights, { head: head ?? 'keep', weights: path, seed }),
              E.map(({ contents, said }) => ({ network, start: () => contents, said })),
            ),
    ),
  )

// A network on an engine: its parameters under a scope of the store, as values and as contents.
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as RA from 'fp-ts/ReadonlyArray'
import * as TE from 'fp-ts/TaskEither'
import type { Data } from '../core/aval.ts'
import { type Fault, fault } from '../core/fault.ts'
import { bindTree, initialise, type Param, type ParamTree } from '../core/tree.ts'
import { arg, showShapeErrors } from '../core/value.ts'
import type { Engine } from '../device/engine.ts'
import {
  initModel,
  type Model,
  type ModelInit,
  modelParameters,
  type ValueTree,
} from '../models/model.ts'

/** A model with shapes, and the scope under which each of its parameters is stored. */
export interface Network {
  readonly model: Model
  readonly init: ModelInit
  /** Scope of the parameter at a path: `source` for frozen ones, say, and a scope of one's own for trained ones. */
  readonly scope: (path: string) => string
}

/** A network all of whose parameters lie under one scope; a fault where the model's shapes do not fit. */
export const networkOf = (model: Model, scope: string): E.Either<Fault, Network> =>
  pipe(
    initModel(model),
    E.mapLeft(e => fault(showShapeErrors([e]), `model ${model.name}`, 'change its sizes')),
    E.map(init => ({ model, init, scope: () => scope })),
  )

/** Name in the store of the parameter at a path. */
export const storedName = (network: Network, path: string): string =>
  `${network.scope(path)}/${path}`

const bound = (
  network: Network,
  trees: Readonly<Record<string, ParamTree>>,
): Readonly<Record<string, ValueTree>> =>
  Object.fromEntries(
    Object.entries(trees).map(([block, tree]) => [
      block,
      bindTree(tree, (path, p) => arg(storedName(network, path), p.aval), block),
    ]),
  )

/** The parameters as arguments of a program, by block. */
export const parameterValues = (network: Network): Readonly<Record<string, ValueTree>> =>
  bound(network, network.init.params)

/** The state as arguments of a program, by block. */
export const stateValues = (network: Network): Readonly<Record<string, ValueTree>> =>
  bound(network, network.init.state)

/** Parameters for which `which` holds, with their paths. */
export const parametersWhere = (
  network: Network,
  which: (path: string) => boolean,
): ReadonlyArray<readonly [string, Param]> =>
  modelParameters(network.init).filter(([path]) => which(path))

/** Contents by path. */
export type Contents = Readonly<Record<string, Data>>

/** The starting contents of the parameters for which `which` holds, the same for the same seed. */
export const startingContents = (
  network: Network,
  seed: number,
  which: (path: string) => boolean = () => true,
): Contents =>
  Object.fromEntries(
    parametersWhere(network, which).map(([path, p]) => [path, initialise(seed, path, p)]),
  )

/** Puts contents into the store under the network's names; every parameter of `contents` must be the network's. */
export const putContents = (
  engine: Engine,
  network: Network,
  contents: Contents,
): TE.TaskEither<Fault, void> =>
  pipe(
    parametersWhere(network, path => path in contents),
    RA.map(([path, p]) => engine.put(storedName(network, path), p.aval, contents[path])),
    TE.sequenceSeqArray,
    TE.map(() => undefined),
  )

/** Reads the parameters for which `which` holds from the store. */
export const getContents = (
  engine: Engine,
  network: Network,
  which: (path: string) => boolean = () => true,
): TE.TaskEither<Fault, Contents> =>
  pipe(
    parametersWhere(network, which),
    RA.map(([path]) =>
      pipe(
        engine.get(storedName(network, path)),
        TE.map((data): readonly [string, Data] => [path, data]),
      ),
    ),
    TE.sequenceSeqArray,
    TE.map(Object.fromEntries),
  )

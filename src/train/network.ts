// A network on an engine: its parameters under a scope of the store, as values and as contents.
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as RA from 'fp-ts/ReadonlyArray'
import * as TE from 'fp-ts/TaskEither'
import type { Data } from '../core/aval.ts'
import { type Fault, fault } from '../core/fault.ts'
import { bindTree, initialise, type Param, type ParamTree } from '../core/tree.ts'
import { arg, showShapeErrors, type Value } from '../core/value.ts'
import type { Engine } from '../device/engine.ts'
import { isValue, type PartTrees, type ValueTree } from '../models/forward.ts'
import {
  initModel,
  type Model,
  type ModelInit,
  modelParameters,
  modelState,
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

const bound = (network: Network, trees: Readonly<Record<string, ParamTree>>): PartTrees =>
  Object.fromEntries(
    Object.entries(trees).map(([part, tree]) => [
      part,
      bindTree(
        tree,
        (path, p) => arg(storedName(network, path), p.aval),
        network.init.paths[part] ?? part,
      ),
    ]),
  )

/** The parameters as arguments of a program, by part. */
export const parameterValues = (network: Network): PartTrees => bound(network, network.init.params)

/** The state as arguments of a program, by part. */
export const stateValues = (network: Network): PartTrees => bound(network, network.init.state)

const leaves = (tree: ValueTree, prefix: string): ReadonlyArray<readonly [string, Value]> =>
  isValue(tree)
    ? [[prefix, tree]]
    : Object.entries(tree).flatMap(([key, sub]) =>
        leaves(sub, prefix === '' ? key : `${prefix}.${key}`),
      )

/** What a forward pass changed of the state, by name in the store. */
export const stateUpdates = (network: Network, next: PartTrees): Readonly<Record<string, Value>> =>
  Object.fromEntries(
    Object.entries(next)
      .flatMap(([part, tree]) => leaves(tree, network.init.paths[part] ?? part))
      .map(([path, value]) => [storedName(network, path), value] as const)
      .filter(([name, value]) => !(value._tag === 'Arg' && value.name === name)),
  )

/** The shape of an example that block `from` takes. */
export const inputShape = ({ model, init }: Network, from: number): ReadonlyArray<number> =>
  init.taps[from - 1]?.shape ?? model.input

/** Parameters for which `which` holds, with their paths. */
export const parametersWhere = (
  network: Network,
  which: (path: string) => boolean,
): ReadonlyArray<readonly [string, Param]> =>
  modelParameters(network.init).filter(([path]) => which(path))

/** Parameters and state for which `which` holds, with their paths: all that a network has of contents. */
export const arraysWhere = (
  network: Network,
  which: (path: string) => boolean,
): ReadonlyArray<readonly [string, Param]> =>
  [...modelParameters(network.init), ...modelState(network.init)].filter(([path]) => which(path))

/** Contents by path. */
export type Contents = Readonly<Record<string, Data>>

/** The starting contents of the parameters and the state for which `which` holds, the same for the same seed. */
export const startingContents = (
  network: Network,
  seed: number,
  which: (path: string) => boolean = () => true,
): Contents =>
  Object.fromEntries(
    arraysWhere(network, which).map(([path, p]) => [path, initialise(seed, path, p)]),
  )

/** Puts contents into the store under the network's names; every array of `contents` must be the network's. */
export const putContents = (
  engine: Engine,
  network: Network,
  contents: Contents,
): TE.TaskEither<Fault, void> =>
  pipe(
    arraysWhere(network, path => path in contents),
    RA.map(([path, p]) => engine.put(storedName(network, path), p.aval, contents[path])),
    TE.sequenceSeqArray,
    TE.map(() => undefined),
  )

/** Reads the parameters and the state for which `which` holds from the store. */
export const getContents = (
  engine: Engine,
  network: Network,
  which: (path: string) => boolean = () => true,
): TE.TaskEither<Fault, Contents> =>
  pipe(
    arraysWhere(network, which),
    RA.map(([path]) =>
      pipe(
        engine.get(storedName(network, path)),
        TE.map((data): readonly [string, Data] => [path, data]),
      ),
    ),
    TE.sequenceSeqArray,
    TE.map(Object.fromEntries),
  )

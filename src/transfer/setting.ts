// The setting of one transfer: the tuned network beside the frozen one, what it reads, and where it starts.
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import type { Fault } from '../core/fault.ts'
import type { Engine } from '../device/engine.ts'
import type { Loss } from '../losses/losses.ts'
import { headName, type Model, pathOf } from '../models/model.ts'
import { type SgdHyper, sgd } from '../optim/optimizer.ts'
import type { Schedule } from '../optim/schedule.ts'
import {
  type Contents,
  getContents,
  type Network,
  networkOf,
  startingContents,
} from '../train/network.ts'
import type { Training } from '../train/programs.ts'
import type { Samples } from '../train/samples.ts'
import { inputsOf, type Target } from './target.ts'
import { firstBlock, skip, trains, type Way } from './ways.ts'

/** How every way is trained. `evaluateEvery` epochs the test split is scored, and at the end. */
export interface Recipe {
  readonly epochs: number
  readonly batch: number
  readonly testBatch: number
  readonly schedule: Schedule
  readonly hyper: Omit<SgdHyper, 'lr'>
  readonly seed: number
  readonly loss: Loss
  readonly evaluateEvery: number
}

/** Everything that one transfer needs. */
export interface Setting {
  readonly engine: Engine
  readonly target: Target
  readonly recipe: Recipe
  readonly way: Way
  readonly training: Training
  readonly test: Samples
}

const SCOPE = 'tuned'

/** The network with a head for the target's classes; what trains lies under a scope of its own. */
const tunedNetwork = (source: Network, way: Way, classes: number): E.Either<Fault, Network> => {
  const moves = trains(source.model, way)
  return pipe(
    networkOf({ ...source.model, classes }, SCOPE),
    E.map(network => ({
      ...network,
      scope: path => (moves(path) ? SCOPE : source.scope(path)),
    })),
  )
}

const isHead =
  (model: Model) =>
  (path: string): boolean =>
    path.startsWith(`${headName(model)}.`)

/** Parts of which nothing trains: their batch norms keep the moments that they have. */
const frozenParts =
  (model: Model, way: Way) =>
  (name: string): boolean => {
    const block = model.blocks.find(b => b.name === name)
    return way._tag !== 'Full' && (block === undefined || !trains(model, way)(`${pathOf(block)}.`))
  }

/** The pre-trained blocks that train, and a head from scratch. */
export const startOf = (
  engine: Engine,
  source: Network,
  way: Way,
  tuned: Network,
  seed: number,
): TE.TaskEither<Fault, Contents> =>
  pipe(
    getContents(
      engine,
      source,
      path => trains(source.model, way)(path) && !isHead(source.model)(path),
    ),
    TE.map(blocks => ({ ...blocks, ...startingContents(tuned, seed, isHead(tuned.model)) })),
  )

/** The setting of a way: what is frozen keeps the source's parameters, what trains has its own. */
export const settingOf = (
  engine: Engine,
  source: Network,
  target: Target,
  recipe: Recipe,
  way: Way,
): E.Either<Fault, Setting> =>
  pipe(
    tunedNetwork(source, way, target.classes),
    E.map(network => {
      const from = firstBlock(source.model, way)
      const neck = skip(way)
      const training: Training = {
        network,
        samples: inputsOf(network, target.train, from),
        batch: recipe.batch,
        loss: recipe.loss,
        from,
        ...(neck === undefined ? {} : { neck }),
        trains: trains(network.model, way),
        freezes: frozenParts(network.model, way),
        optimizer: sgd,
      }
      const test = inputsOf(network, target.test, from)
      return { engine, target, recipe, way, training, test }
    }),
  )

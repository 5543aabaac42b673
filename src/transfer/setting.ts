// The setting of one transfer: the tuned network beside the frozen one, what it reads, and where it starts.
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import type { Fault } from '../core/fault.ts'
import type { Engine } from '../device/engine.ts'
import type { Loss } from '../losses/losses.ts'
import { headName, type Model, modelState, pathOf } from '../models/model.ts'
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
import { inputsOf, nearestBlock, type Target } from './target.ts'
import { firstBlock, skip, trains, type Way } from './ways.ts'

/**
 * How every way is trained. `evaluateEvery` epochs the test split is scored, and at the end. Batch norms of frozen blocks
 * are `frozen` too (where left out), or all `adapt`: they take the batch's moments and move the running ones, as in the
 * paper, while scale and shift of frozen blocks stay.
 */
export interface Recipe {
  readonly epochs: number
  readonly batch: number
  readonly testBatch: number
  readonly schedule: Schedule
  readonly hyper: Omit<SgdHyper, 'lr'>
  readonly seed: number
  readonly loss: Loss
  readonly evaluateEvery: number
  readonly batchNorm?: 'adapt' | 'frozen'
}

/** Everything that one transfer needs. */
export interface Setting {
  readonly engine: Engine
  readonly target: Target
  readonly recipe: Recipe
  readonly way: Way
  readonly training: Training
  readonly test: Samples
  /** The arrays that a transfer has for itself, by path; the others are the source's. */
  readonly owns: Owns
  /** The first block whose outputs differ from the source's; all blocks' number where none's do. */
  readonly moved: number
}

type Owns = (path: string) => boolean

const SCOPE = 'tuned'

/** Whether running moments move under frozen parameters; false where there are none. */
const adapts = ({ init }: Network, { batchNorm = 'frozen' }: Recipe): boolean =>
  batchNorm === 'adapt' && modelState(init).length > 0

/** What moves: the way's parameters, the moments beside them, and all moments where they adapt. */
const ownedBy = (source: Network, recipe: Recipe, way: Way): Owns => {
  const moments = new Set(modelState(source.init).map(([path]) => path))
  const all = adapts(source, recipe)
  const moves = trains(source.model, way)
  return path => moves(path) || (all && moments.has(path))
}

/** The network with a head for the target's classes; what moves lies under a scope of its own. */
const tunedNetwork = (source: Network, owns: Owns, classes: number): E.Either<Fault, Network> =>
  pipe(
    networkOf({ ...source.model, classes }, SCOPE),
    E.map(network => ({
      ...network,
      scope: path => (owns(path) ? SCOPE : source.scope(path)),
    })),
  )

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

/** The pre-trained arrays that move, and a head from scratch. */
export const startOf = (
  { engine, owns, training: { network }, recipe: { seed } }: Setting,
  source: Network,
): TE.TaskEither<Fault, Contents> =>
  pipe(
    getContents(engine, source, path => owns(path) && !isHead(source.model)(path)),
    TE.map(moved => ({ ...moved, ...startingContents(network, seed, isHead(network.model)) })),
  )

/** The setting of a way: what is frozen keeps the source's parameters, what trains has its own. */
export const settingOf = (
  engine: Engine,
  source: Network,
  target: Target,
  recipe: Recipe,
  way: Way,
): E.Either<Fault, Setting> => {
  const owns = ownedBy(source, recipe, way)
  const all = adapts(source, recipe)
  const moved = all ? 0 : firstBlock(source.model, way)
  return pipe(
    tunedNetwork(source, owns, target.classes),
    E.map(network => {
      const from = nearestBlock(network, target.train, moved)
      const neck = skip(way, from)
      const training: Training = {
        network,
        samples: inputsOf(network, target.train, from),
        batch: recipe.batch,
        loss: recipe.loss,
        from,
        ...(neck === undefined ? {} : { neck }),
        trains: trains(network.model, way),
        freezes: all ? () => false : frozenParts(network.model, way),
        optimizer: sgd,
      }
      const test = inputsOf(network, target.test, from)
      return { engine, target, recipe, way, training, test, owns, moved }
    }),
  )
}

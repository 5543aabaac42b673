// The setting of one transfer: the tuned network beside the frozen one, what it reads, and where it starts.
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import type { CropFlip } from '../../kernels/crop-flip.ts'
import { type Fault, fault } from '../core/fault.ts'
import { parameters } from '../core/tree.ts'
import type { Engine } from '../device/engine.ts'
import type { Loss } from '../losses/losses.ts'
import { headName, type Model, type ModelInit, modelState } from '../models/model.ts'
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
import type { Recompute } from '../train/recompute.ts'
import type { Samples } from '../train/samples.ts'
import { inputsOf, nearestBlock, type Target } from './target.ts'
import {
  firstBlock,
  movingParts,
  skipIndex,
  trainsIn,
  type TunedModel,
  withHead,
} from './tuned-model.ts'
import { neckOf, tunedBy, type AnyWay } from './ways.ts'

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
  /** How images are varied, none where left out; then no cached outputs stand for the training samples. */
  readonly augment?: CropFlip
  /** What the backward pass computes again; nothing where left out. */
  readonly recompute?: Recompute
}

/** Everything that one transfer needs. */
export interface Setting {
  readonly engine: Engine
  readonly target: Target
  readonly recipe: Recipe
  readonly training: Training
  readonly test: Samples
  /** The arrays that a transfer has for itself, by path; the others are the source's. */
  readonly owns: Owns
  /** The first block whose outputs differ from the source's; all blocks' number where none's do. */
  readonly moved: number
}

type Owns = (path: string) => boolean

const SCOPE = 'tuned'

const isHead =
  (model: Model) =>
  (path: string): boolean =>
    path.startsWith(`${headName(model)}.`)

/** Whether running moments move under frozen parameters; false where there are none. */
const adapts = ({ init }: Network, { batchNorm = 'frozen' }: Recipe): boolean =>
  batchNorm === 'adapt' && modelState(init).length > 0

/** Paths of the running moments of some parts. */
const momentsOf = (
  { state, paths }: ModelInit,
  which: (part: string) => boolean,
): ReadonlySet<string> =>
  new Set(
    Object.entries(state)
      .filter(([part]) => which(part))
      .flatMap(([part, tree]) => parameters(tree, paths[part] ?? part).map(([path]) => path)),
  )

/** What moves: parameters that train, the moments of the parts that they are in, and all moments where they adapt. */
const ownedBy = ({ init }: Network, model: TunedModel, all: boolean): Owns => {
  const moving = movingParts(model, init)
  const every = momentsOf(init, () => true)
  const moments = all ? every : momentsOf(init, part => moving.has(part))
  const trains = trainsIn(model)
  return path => (every.has(path) ? moments.has(path) : isHead(model)(path) || trains(path))
}

/** The network with a head for the target's classes; what moves lies under a scope of its own. */
const tunedNetwork = (source: Network, owns: Owns, model: TunedModel): E.Either<Fault, Network> =>
  pipe(
    networkOf(model, SCOPE),
    E.map(network => ({
      ...network,
      scope: path => (owns(path) ? SCOPE : source.scope(path)),
    })),
  )

/** The pre-trained arrays that move, and a head from scratch. */
export const startOf = (
  { engine, owns, training: { network }, recipe: { seed } }: Setting,
  source: Network,
): TE.TaskEither<Fault, Contents> =>
  pipe(
    getContents(engine, source, path => owns(path) && !isHead(source.model)(path)),
    TE.map(moved => ({ ...moved, ...startingContents(network, seed, isHead(network.model)) })),
  )

const checkSkip = (model: TunedModel): E.Either<Fault, TunedModel> =>
  skipIndex(model) === -1
    ? E.left(
        fault(
          `no block '${model.skip}' to skip from`,
          `model ${model.name}`,
          `take one of ${model.blocks.map(({ name }) => name).join(', ')}`,
        ),
      )
    : E.right(model)

const setting = (
  { engine, target, recipe }: Pick<Setting, 'engine' | 'target' | 'recipe'>,
  source: Network,
  model: TunedModel,
): E.Either<Fault, Setting> => {
  const { augment, recompute } = recipe
  const all = adapts(source, recipe)
  const owns = ownedBy(source, model, all)
  const moving = movingParts(model, source.init)
  const moved = all ? 0 : firstBlock(model, source.init)
  return pipe(
    tunedNetwork(source, owns, model),
    E.map(network => {
      const from = augment === undefined ? nearestBlock(network, target.train, moved) : 0
      const neck = neckOf(model, from)
      const training: Training = {
        network,
        samples: inputsOf(network, target.train, from),
        batch: recipe.batch,
        loss: recipe.loss,
        from,
        ...(neck === undefined ? {} : { neck }),
        trains: trainsIn(model),
        freezes: part => !all && !moving.has(part),
        optimizer: sgd,
        ...(recompute === undefined ? {} : { recompute }),
        ...(augment === undefined ? {} : { augment }),
      }
      const test = inputsOf(network, target.test, from)
      return { engine, target, recipe, training, test, owns, moved }
    }),
  )
}

/** The setting of a way: what is frozen keeps the source's parameters, what trains has its own, and so has the head. */
export const settingOf = (
  engine: Engine,
  source: Network,
  target: Target,
  recipe: Recipe,
  way: AnyWay,
): E.Either<Fault, Setting> =>
  pipe(
    source.model,
    withHead(target.classes),
    tunedBy(way),
    checkSkip,
    E.chain(model => setting({ engine, target, recipe }, source, model)),
  )

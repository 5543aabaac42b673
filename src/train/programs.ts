// The programs of training: one step of optimisation, and one batch of evaluation. Pure.
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as O from 'fp-ts/Option'
import { type CropFlip, cropFlip } from '../../kernels/crop-flip.ts'
import { meter as meterOp } from '../../kernels/meter.ts'
import { reshape } from '../../kernels/reshape.ts'
import { f32 } from '../core/aval.ts'
import { type Fault, fault } from '../core/fault.ts'
import { apply, at } from '../core/op.ts'
import { type Program, type Roots, trace } from '../core/trace.ts'
import { type Value, arg, showShapeErrors } from '../core/value.ts'
import type { Loss } from '../losses/losses.ts'
import { type Forward, forward, type Modes, type Neck } from '../models/forward.ts'
import { average, unitsOf } from '../models/model.ts'
import { evaluation, type Mode } from '../nn/layer.ts'
import { grad, gradFrom } from '../nn/gradient.ts'
import { SCALING, type Scaled, scaled } from '../optim/loss-scale.ts'
import { HYPER, type Optimizer } from '../optim/optimizer.ts'
import {
  inputShape,
  type Network,
  parametersWhere,
  parameterValues,
  stateUpdates,
  stateValues,
  storedName,
} from './network.ts'
import { keepsOf, type Recompute } from './recompute.ts'
import { type Batch, batchOf, type Samples } from './samples.ts'

/** What is computed of a network: from which block, how features reach the classifier, on which samples. */
export interface Pass {
  readonly network: Network
  readonly samples: Samples
  readonly batch: number
  readonly loss: Loss
  /** The first block that runs; the samples are the outputs of the block before it. */
  readonly from: number
  readonly neck?: Neck
}

/** A training pass: which parameters move, by path, and how. */
export interface Training extends Pass {
  readonly trains: (path: string) => boolean
  readonly optimizer: Optimizer
  /** Parts whose batch norm takes its running moments as they are, as in evaluation; none where left out. */
  readonly freezes?: (part: string) => boolean
  /** Gradients are those of a scaled loss, for f16 products (`scaled`); the scale's state is in the store. */
  readonly scalesLoss?: boolean
  /** What the backward pass computes again; nothing where left out. */
  readonly recompute?: Recompute
  /** How the images of a step are varied; not at all where left out. */
  readonly augment?: CropFlip
}

/** Name and shape of the running sums [loss, hits, count] of an epoch. */
export const METER = { name: 'meter', aval: f32(3) } as const

const traced = (roots: Roots): E.Either<Fault, Program> =>
  pipe(
    trace(roots),
    E.mapLeft(errors => fault(showShapeErrors(errors), 'network', 'change its sizes')),
  )

const run = ({ network, from, neck }: Pass, modes: Modes, { x }: Batch): Forward => {
  const shape = [x.aval.shape[0] ?? 1, ...inputShape(network, from)]
  const shaped = shape.length === x.aval.shape.length ? x : apply(reshape, { shape })(x)
  const [params, state] = [parameterValues(network), stateValues(network)]
  return forward(network.model, modes, from)(params, state, shaped, neck)
}

const trainingModes =
  ({ freezes = () => false }: Training, { weights, random }: Batch): Modes =>
  (part): Mode => ({ _tag: 'Train', weights, random, moments: freezes(part) ? 'running' : 'batch' })

const metered = (loss: Value, logits: Value, { labels, weights }: Batch): Value =>
  apply(meterOp, null)(arg(METER.name, METER.aval), loss, logits, labels, weights)

/** Name in the store of an optimiser's slot for the parameter at a path. */
export const slotName = (network: Network, slot: string, path: string): string =>
  `${network.scope(path)}/optimizer/${slot}/${path}`

/**
 * The scale after a step, from the first gradient that is a vector: those are stored anyway. Updates are run last to first,
 * so it must stand before those of parameters, which else wait for all gradients.
 */
const rescaled = (
  scaling: Scaled | null,
  grads: ReadonlyArray<O.Option<Value>>,
): Readonly<Record<string, Value>> => {
  const made = grads.flatMap(g => (O.isSome(g) ? [g.value] : []))
  const probe = made.find(({ aval }) => aval.shape.length === 1) ?? made[0]
  return scaling === null || probe === undefined ? {} : { [SCALING.name]: scaling.next(probe) }
}

const stepped = (
  training: Training,
  loss: Value,
  { outputs }: Forward,
): Readonly<Record<string, Value>> => {
  const { network, optimizer, trains, recompute = 'none' } = training
  const trained = parametersWhere(network, trains)
  const values = trained.map(([path, p]) => arg(storedName(network, path), p.aval))
  const given = arg(HYPER.name, HYPER.aval)
  const scaling = training.scalesLoss === true ? scaled(given) : null
  const differentiate = scaling === null ? grad : gradFrom(scaling.seed)
  const grads = differentiate(loss, values, keepsOf(recompute, outputs))
  const updates: Record<string, Value> = { ...rescaled(scaling, grads) }
  trained.forEach(([path, p], i) => {
    const gradient = grads[i] ?? O.none
    if (O.isNone(gradient)) return
    const names = optimizer.slots.map(slot => slotName(network, slot, path))
    const slots = names.map(name => arg(name, p.aval))
    const next = optimizer.step(scaling?.hyper ?? given, at(values, i), gradient.value, slots)
    updates[storedName(network, path)] = next.param
    names.forEach((name, s) => {
      updates[name] = at(next.slots, s)
    })
  })
  return updates
}

const varied = ({ augment }: Training, batch: Batch): Batch =>
  augment === undefined ? batch : { ...batch, x: apply(cropFlip, augment)(batch.x, batch.random) }

/**
 * One step: batch, forward, loss, gradients of what trains, update, running moments, and the meter. Its output is the
 * meter's sums since it was last zeroed.
 */
export const trainingProgram = (training: Training): E.Either<Fault, Program> => {
  const batch = varied(training, batchOf(training.samples, training.batch))
  const made = run(training, trainingModes(training, batch), batch)
  const { logits, state } = made
  const loss = training.loss(logits, batch.labels, batch.weights)
  const meter = metered(loss, logits, batch)
  return traced({
    outputs: { [METER.name]: meter },
    updates: {
      [METER.name]: meter,
      ...stepped(training, loss, made),
      ...stateUpdates(training.network, state),
    },
  })
}

/** One batch of evaluation; its output is the meter. */
export const evaluationProgram = (pass: Pass): E.Either<Fault, Program> => {
  const batch = batchOf(pass.samples, pass.batch)
  const { logits } = run(pass, evaluation, batch)
  const meter = metered(pass.loss(logits, batch.labels, batch.weights), logits, batch)
  return traced({ outputs: { [METER.name]: meter }, updates: { [METER.name]: meter } })
}

/** Name of the output that is the classifier's input. */
export const FEATURES = 'features'

/**
 * One batch in evaluation mode; its outputs are the blocks' outputs by name, and the classifier's input: those for
 * which `wants` holds, all where it is left out.
 */
export const tapsProgram = (
  pass: Pass,
  wants: (name: string) => boolean = () => true,
): E.Either<Fault, Program> => {
  const batch = batchOf(pass.samples, pass.batch)
  const { taps, features } = run(pass, evaluation, batch)
  const names = pass.network.model.blocks.slice(pass.from).map(b => b.name)
  const all: ReadonlyArray<readonly [string, Value]> = [
    ...names.map((name, i) => [name, at(taps, i)] as const),
    [FEATURES, features],
  ]
  return traced({ outputs: Object.fromEntries(all.filter(([name]) => wants(name))) })
}

/**
 * One batch in evaluation mode; its outputs are rows [batch, d]: the mean over the places of every fine-tuning unit's
 * output by name, and the classifier's input: those for which `wants` holds, all where it is left out.
 */
export const rowsProgram = (
  pass: Pass,
  wants: (name: string) => boolean = () => true,
): E.Either<Fault, Program> => {
  const batch = batchOf(pass.samples, pass.batch)
  const { taps, features } = run(pass, evaluation, batch)
  const units = unitsOf(pass.network.model).filter(({ index }) => index >= pass.from)
  const all: ReadonlyArray<readonly [string, Value]> = [
    ...units.map(({ block, index }) => [block.name, average(at(taps, index - pass.from))] as const),
    [FEATURES, features],
  ]
  return traced({ outputs: Object.fromEntries(all.filter(([name]) => wants(name))) })
}

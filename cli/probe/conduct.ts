// A layer-wise probe on an open engine: what is asked of the library, and what a person sees of it on the way.
import { totalmem } from 'node:os'
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import type * as O from 'fp-ts/Option'
import * as TE from 'fp-ts/TaskEither'
import type { ProbeConfig } from '../../src/codec/probe-config.ts'
import { type Fault, fault } from '../../src/core/fault.ts'
import type { Engine } from '../../src/device/engine.ts'
import { crossEntropy } from '../../src/losses/losses.ts'
import { cosine } from '../../src/optim/schedule.ts'
import { putContents } from '../../src/train/network.ts'
import { probedLayers } from '../../src/transfer/probe-features.ts'
import {
  type MeasuredLayer,
  type ProbedUnits,
  type ProbeHooks,
  type ProbeRecipe,
  probeUnits,
} from '../../src/transfer/probe-units.ts'
import { batchFor } from '../network/load-network.ts'
import type { Tracked } from '../progress.ts'
import type { Session } from '../run.ts'
import { showBytes } from '../train/fit.ts'
import { percent, three } from '../train/say.ts'
import type { Materials } from '../transfer/materials.ts'

/** The network, both splits and the config. */
export type ProbeMaterials = Materials<ProbeConfig>

/** A call under way. */
export interface ProbeLab {
  readonly session: Session
  readonly materials: ProbeMaterials
  readonly engine: Engine
}

/** Rows in an evaluation's batch. */
const EVALUATION_BATCH = 512

const recipeOf = ({ engine, materials }: ProbeLab): ProbeRecipe => {
  const { config, network, train, test } = materials
  const { epochs, lr, lrMin, momentum, weightDecay, seed, testEvery, tokens } = config
  const { input } = network.model
  const count = Math.max(train.count, test.count)
  return {
    epochs,
    batch: Math.min(config.batch, train.count),
    testBatch: Math.min(EVALUATION_BATCH, test.count),
    imageBatch: Math.min(
      input.length === 1 ? EVALUATION_BATCH : batchFor(engine, network.model),
      count,
    ),
    schedule: cosine(lr, lrMin, epochs),
    hyper: { momentum, weightDecay },
    seed,
    loss: crossEntropy,
    evaluateEvery: testEvery,
    tokens,
  }
}

/** Copies of the training rows on the host at once: as they were read, and where threads share them. */
const COPIES = 2

/** A fault for tokens that are not there, or rows that are more than the machine's memory. */
export const fitting = (
  { config, network, train, test }: ProbeMaterials,
  memory: number = totalmem(),
): E.Either<Fault, void> =>
  pipe(
    probedLayers(network, config.tokens),
    E.chain(layers => {
      const values = layers.reduce((sum, { width }) => sum + width, 0)
      const needed = 4 * values * (COPIES * train.count + test.count)
      const what = `features of all layers take ${showBytes(needed)}, and this machine has ${showBytes(memory)}`
      return needed <= memory
        ? E.right(undefined)
        : E.left(fault(what, '--data', 'take fewer images with perClass= and --test-per-class'))
    }),
  )

const sayNc1 = (layers: ReadonlyArray<MeasuredLayer>): string =>
  `nc1 of the layers: ${layers.map(({ metrics: { nc1 } }) => (nc1 === null ? '-' : three(nc1))).join(' ')}`

/** One bar after the other: images, layers measured, steps, layers measured with their classifiers. */
const watch = (
  { session }: ProbeLab,
  { epochs }: ProbeRecipe,
): { readonly hooks: ProbeHooks; readonly stop: () => void } => {
  const { progress } = session
  const interruption = session.interruption()
  let shown: { readonly label: string; readonly tracked: Tracked } | undefined
  let note = ''
  const show = (label: string, done: number, total: number): boolean => {
    if (shown?.label !== label) {
      shown?.tracked.stop()
      shown = { label, tracked: progress.start(label, total) }
    }
    shown.tracked.update(done, note)
    return !interruption.asked()
  }
  return {
    hooks: {
      onRows: (done, total) => show('images', done, total),
      onTable: (done, total) => show('layers measured', done, total),
      onMeasured: layers => progress.log(sayNc1(layers)),
      onStep: (done, total) => show('steps', done, total),
      onEpoch: ({ epoch, train, test }) => {
        const last = train.at(-1)?.loss ?? Number.NaN
        const best = Math.max(...(test ?? []).map(({ accuracy }) => accuracy))
        note = `epoch ${epoch}/${epochs}, last layer's loss ${three(last)}${test === null ? '' : `, best test ${percent(best)}`}`
      },
    },
    stop: () => shown?.tracked.stop(),
  }
}

/** Probes every layer; none where it was stopped before the first epoch's end. */
export const conduct = (lab: ProbeLab): TE.TaskEither<Fault, O.Option<ProbedUnits>> => {
  const { engine, materials } = lab
  const { network, start, train, test } = materials
  const recipe = recipeOf(lab)
  return pipe(
    TE.fromEither(fitting(materials)),
    TE.chain(() => putContents(engine, network, start())),
    TE.chain(() => {
      const { hooks, stop } = watch(lab, recipe)
      const probing = probeUnits(engine, network, { train, test }, recipe, hooks)
      return async () => {
        const ended = await probing()
        stop()
        return ended
      }
    }),
  )
}

// `collapse advise --verify`: tunes every unit of a network for a few epochs, to see what the scores foretold.
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as O from 'fp-ts/Option'
import * as TE from 'fp-ts/TaskEither'
import { rankAgreement } from '../../src/advise/rank-agreement.ts'
import type { Advice, LayerAdvice, NetworkAdvice, Reached } from '../../src/codec/advice.ts'
import type { DataSpec } from '../../src/codec/data-spec.ts'
import type { Fault } from '../../src/core/fault.ts'
import type { Engine } from '../../src/device/engine.ts'
import { crossEntropy } from '../../src/losses/losses.ts'
import { cosine } from '../../src/optim/schedule.ts'
import { type ClassSamples, loadSamples } from '../../src/train/load-samples.ts'
import { dropSamples, stepsOf } from '../../src/train/samples.ts'
import type { Recipe } from '../../src/transfer/setting.ts'
import { type Target, targetOf } from '../../src/transfer/target.ts'
import { transfer } from '../../src/transfer/transfer.ts'
import type { AdviseFlags } from '../advise.ts'
import { batchFor } from '../network/load-network.ts'
import type { Session } from '../run.ts'
import { wayOf } from './assess.ts'
import type { Candidate } from './load.ts'

/** A network whose arrays are in the engine's store, its advice, and what the person asked for. */
export interface Trial {
  readonly session: Session
  readonly engine: Engine
  readonly flags: AdviseFlags
  readonly candidate: Candidate
  readonly advice: NetworkAdvice
}

/** Advice with what each unit reached, and how it was tuned. */
export interface Verified {
  readonly advice: NetworkAdvice
  readonly verify: NonNullable<Advice['verify']>
}

interface Splits {
  readonly train: ClassSamples
  readonly test: ClassSamples
}

/** The spec of the images that are tested on: all, or as many of each class. */
const testSpec = (data: DataSpec, perClass: number | undefined): DataSpec => ({
  ...data,
  split: 'test',
  perClass: perClass ?? null,
})

const splitsOf = ({ flags, candidate, session }: Trial): TE.TaskEither<Fault, Splits> => {
  const { dataRoot } = session.common
  const load = (spec: DataSpec, split: 'train' | 'test') =>
    loadSamples(spec, split, split, dataRoot, candidate.prepare)
  return pipe(
    TE.Do,
    TE.bind('train', () => load({ ...flags.data, split: 'train' }, 'train')),
    TE.bind('test', () => load(testSpec(flags.data, flags.testPerClass), 'test')),
  )
}

const recipeOf = ({ flags, session, engine, candidate }: Trial, { train }: Splits): Recipe => ({
  epochs: flags.epochs,
  batch: Math.min(flags.batch, train.count),
  testBatch: batchFor(engine, candidate.network.model),
  schedule: cosine(flags.lr, 0, flags.epochs),
  hyper: { momentum: 0.9, weightDecay: 1e-4 },
  seed: session.common.seed ?? 0,
  loss: crossEntropy,
  evaluateEvery: 0,
  batchNorm: 'frozen',
})

type Tried = E.Either<Fault, O.Option<ReadonlyArray<Reached>>>

/** Tunes the units, and for the classifier's input the classifier alone; none where it was interrupted. */
const tuneAll = async (trial: Trial, target: Target, recipe: Recipe): Promise<Tried> => {
  const { engine, candidate, session, advice } = trial
  const steps = recipe.epochs * stepsOf(target.train.samples.count, recipe.batch)
  const tracked = session.progress.start('tuning', advice.layers.length * steps)
  const stop = session.interruption()
  const reached: Array<Reached> = []
  try {
    for (const [i, { layer, unit }] of advice.layers.entries()) {
      const tune = transfer(engine, candidate.network, target, recipe)
      const outcome = await tune(wayOf(candidate, unit), done => {
        tracked.update(i * steps + done, layer)
        return !stop.asked()
      })()
      if (E.isLeft(outcome)) return outcome
      if (O.isNone(outcome.right)) return E.right(O.none)
      const { testAccuracy, penultimateNc1, seconds } = outcome.right.value
      const nc1 = Number.isFinite(penultimateNc1) ? penultimateNc1 : null
      reached.push({ testAccuracy, penultimateNc1: nc1, seconds })
    }
    return E.right(O.some(reached))
  } finally {
    tracked.stop()
  }
}

/** Spearman's correlation of each score over units with the accuracy that tuning reached; of nc1 with its negative. */
export const foretoldBy = (layers: ReadonlyArray<LayerAdvice>): NetworkAdvice['foretold'] => {
  const units = layers.filter(({ unit, reached }) => unit !== null && reached !== null)
  const reached = units.map(layer => layer.reached?.testAccuracy ?? Number.NaN)
  const against = (score: (layer: LayerAdvice) => number | null | undefined) =>
    rankAgreement(
      units.map(layer => score(layer) ?? Number.NaN),
      reached,
    ).spearman
  return {
    nc1: against(({ nc1 }) => (nc1 === null ? null : -nc1.value)),
    nearestMean: against(({ nearestMean }) => nearestMean),
    probe: against(({ probe }) => probe?.value),
    logme: against(({ logme }) => logme),
    hScore: against(({ hScore }) => hScore),
  }
}

const withReached = (advice: NetworkAdvice, reached: ReadonlyArray<Reached>): NetworkAdvice => {
  const layers = advice.layers.map((layer, i) => ({ ...layer, reached: reached[i] ?? null }))
  return { ...advice, layers, foretold: foretoldBy(layers) }
}

/** Tunes every unit from the same start; none where it was interrupted. */
export const verify = (trial: Trial): TE.TaskEither<Fault, O.Option<Verified>> => {
  const { engine, candidate, advice, flags, session } = trial
  return pipe(
    splitsOf(trial),
    TE.chain(splits => {
      const recipe = recipeOf(trial, splits)
      session.progress.log(
        `${advice.model} passes over ${splits.train.count} images to tune on and ${splits.test.count} to test`,
      )
      return pipe(
        targetOf(engine, candidate.network, splits, recipe.testBatch),
        TE.chain(target => () => tuneAll(trial, target, recipe)),
        TE.map(
          O.map(reached => ({
            advice: withReached(advice, reached),
            verify: {
              epochs: flags.epochs,
              lr: flags.lr,
              train: splits.train.count,
              test: splits.test.count,
              batchNorm: 'frozen' as const,
            },
          })),
        ),
        TE.chainFirstIOK(() => () => {
          dropSamples(engine, splits.train)
          dropSamples(engine, splits.test)
        }),
      )
    }),
  )
}

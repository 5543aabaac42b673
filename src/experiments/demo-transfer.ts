// The demo's second part: every way of transferring, and a probe of every layer.
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as O from 'fp-ts/Option'
import * as TE from 'fp-ts/TaskEither'
import type { Fault } from '../core/fault.ts'
import { crossEntropy } from '../losses/losses.ts'
import type { Model } from '../models/model.ts'
import { cosine } from '../optim/schedule.ts'
import type { Network } from '../train/network.ts'
import type { Recipe } from '../transfer/setting.ts'
import { type Target, targetOf } from '../transfer/target.ts'
import { type Outcome, transfer } from '../transfer/transfer.ts'
import { allWays, type Way } from '../transfer/ways.ts'
import type { DemoConfig } from './demo-config.ts'
import { EVALUATION_BATCH, type Lab } from './demo-lab.ts'
import type { DemoResult, LayerProbe, TransferRow } from './demo-result.ts'

const recipeOf = (config: DemoConfig): Recipe => ({
  epochs: config.transferEpochs,
  batch: config.transferBatch,
  testBatch: EVALUATION_BATCH,
  schedule: cosine(config.transferLr, config.lrMin, config.transferEpochs),
  hyper: { momentum: config.momentum, weightDecay: config.weightDecay },
  seed: config.seed,
  loss: crossEntropy,
  evaluateEvery: config.evaluateEvery,
})

const METHODS = { Probe: 'probe', Layer: 'layer', Scl: 'scl', Full: 'full' } as const

const tunedLayer = (model: Model, way: Way): string | null =>
  'block' in way ? (model.blocks[way.block]?.name ?? null) : null

/** How a way is called in the progress: `SCL FT layers.2`. */
const wayName = (model: Model, way: Way): string => {
  const names = { Probe: 'linear probe', Layer: 'Layer FT', Scl: 'SCL FT', Full: 'full FT' }
  return [names[way._tag], tunedLayer(model, way) ?? ''].join(' ').trim()
}

const rowOf = (model: Model, outcome: Outcome): TransferRow => ({
  method: METHODS[outcome.way._tag],
  layer: tunedLayer(model, outcome.way),
  testAccuracy: outcome.testAccuracy,
  bestAccuracy: outcome.bestAccuracy,
  trainAccuracy: outcome.trainAccuracy,
  penultimateNc1: outcome.penultimateNc1,
  nc1: outcome.nc1,
  trainedParameters: outcome.trained,
  percent: outcome.percent,
  seconds: outcome.seconds,
  plannedBytes: outcome.plannedBytes,
})

/** A job of the transfer part: a network and a way. */
interface Job {
  readonly name: string
  readonly network: Network
  readonly way: Way
}

/** The network cut off after a block: a probe of it is a probe of that block's output (paper, Fig. 7). */
const cutAfter = (network: Network, block: number): Network => ({
  ...network,
  model: { ...network.model, blocks: network.model.blocks.slice(0, block + 1) },
})

const runJobs =
  (
    lab: Lab,
    target: Target,
    jobs: ReadonlyArray<Job>,
  ): TE.TaskEither<Fault, O.Option<ReadonlyArray<Outcome>>> =>
  async () => {
    const recipe = recipeOf(lab.config)
    const outcomes: Array<Outcome> = []
    for (const [i, { network, way, name }] of jobs.entries()) {
      const onStep = (done: number, total: number) =>
        lab.onProgress(`transfer to 5-9: ${name}`, i * total + done, jobs.length * total)
      const outcome = await transfer(lab.engine, network, target, recipe)(way, onStep)()
      if (E.isLeft(outcome)) return outcome
      if (O.isNone(outcome.right)) return E.right(O.none)
      outcomes.push(outcome.right.value)
    }
    return E.right(O.some(outcomes))
  }

/** Transfers in all ways and probes all layers; none where it was stopped. */
export const transferAll = (
  lab: Lab,
): TE.TaskEither<Fault, O.Option<Pick<DemoResult, 'transfer' | 'layerProbes'>>> => {
  const { engine, network, data } = lab
  const { model } = network
  const ways = allWays(model).map(way => ({ name: wayName(model, way), network, way }))
  const probes = model.blocks.map(({ name }, block) => ({
    name: `probe of ${name}`,
    network: cutAfter(network, block),
    way: { _tag: 'Probe' } as const,
  }))
  return pipe(
    targetOf(engine, network, { train: data.targetTrain, test: data.targetTest }, EVALUATION_BATCH),
    TE.chain(target => runJobs(lab, target, [...ways, ...probes])),
    TE.map(
      O.map(outcomes => ({
        transfer: outcomes.slice(0, ways.length).map(outcome => rowOf(model, outcome)),
        layerProbes: outcomes.slice(ways.length).map(
          ({ penultimateNc1, testAccuracy }, block): LayerProbe => ({
            layer: model.blocks[block]?.name ?? '',
            nc1: penultimateNc1,
            testAccuracy,
          }),
        ),
      })),
    ),
  )
}

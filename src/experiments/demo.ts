// The demo: pre-train on digits 0-4, measure collapse layer by layer, transfer to 5-9 in the paper's four ways.
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as O from 'fp-ts/Option'
import * as TE from 'fp-ts/TaskEither'
import type { Fault } from '../core/fault.ts'
import type { Engine } from '../device/engine.ts'
import { crossEntropy } from '../losses/losses.ts'
import { mlp } from '../models/mlp.ts'
import type { Model } from '../models/model.ts'
import { sgd } from '../optim/optimizer.ts'
import { cosine } from '../optim/schedule.ts'
import { type EpochLog, trainEpochs } from '../train/epochs.ts'
import { type Network, networkOf, putContents, startingContents } from '../train/network.ts'
import { evaluationProgram, type Training } from '../train/programs.ts'
import { evaluate } from '../train/run.ts'
import { dropSamples, putSamples, type Samples } from '../train/samples.ts'
import { dropSlots } from '../train/snapshot.ts'
import { layerNc1 } from '../train/layer-metrics.ts'
import type { Recipe } from '../transfer/setting.ts'
import { type Target, targetOf } from '../transfer/target.ts'
import { type Outcome, transfer } from '../transfer/transfer.ts'
import { allWays, type Way } from '../transfer/ways.ts'
import type { DemoConfig } from './demo-config.ts'
import type { DemoResult, LayerProbe, SourceEpoch, TransferRow } from './demo-result.ts'

/** The four sets of images; labels of each task are 0..4. */
export interface DemoData {
  readonly sourceTrain: Samples
  readonly sourceTest: Samples
  readonly targetTrain: Samples
  readonly targetTest: Samples
}

/** Told what is under way; `false` stops the demo. */
export type OnProgress = (phase: string, done: number, total: number) => boolean

/** What the parts of the demo share. */
interface Lab {
  readonly engine: Engine
  readonly config: DemoConfig
  readonly data: DemoData
  readonly network: Network
  readonly onProgress: OnProgress
}

const EVALUATION_BATCH = 512

const sourceTraining = ({ network, data, config }: Lab): Training => ({
  network,
  samples: data.sourceTrain,
  batch: config.sourceBatch,
  loss: crossEntropy,
  from: 0,
  trains: () => true,
  optimizer: sgd,
})

const measureSource = (
  { engine, network, data }: Lab,
  log: Pick<EpochLog, 'epoch' | 'loss'>,
): TE.TaskEither<Fault, SourceEpoch> => {
  const pass = (samples: Samples) => ({
    network,
    samples,
    batch: EVALUATION_BATCH,
    loss: crossEntropy,
    from: 0,
  })
  const score = (samples: Samples) =>
    evaluate(engine, evaluationProgram(pass(samples)), samples, EVALUATION_BATCH)
  return pipe(
    TE.Do,
    TE.bind('nc1', () => layerNc1(engine, pass(data.sourceTrain))),
    TE.bind('train', () => score(data.sourceTrain)),
    TE.bind('test', () => score(data.sourceTest)),
    TE.map(({ nc1, train, test }) => ({
      epoch: log.epoch,
      loss: train.loss,
      trainAccuracy: train.accuracy,
      testAccuracy: test.accuracy,
      nc1,
    })),
  )
}

/** Pre-trains the network in the store; none where it was stopped. */
const pretrain = (lab: Lab): TE.TaskEither<Fault, O.Option<ReadonlyArray<SourceEpoch>>> => {
  const { engine, config, network, data, onProgress } = lab
  const training = sourceTraining(lab)
  const epochs: Array<SourceEpoch> = []
  const measure = (log: Pick<EpochLog, 'epoch' | 'loss'>): TE.TaskEither<Fault, unknown> =>
    config.measureAt.includes(log.epoch)
      ? pipe(
          measureSource(lab, log),
          TE.map(measured => epochs.push(measured)),
        )
      : TE.right(null)
  const course = {
    training,
    epochs: config.sourceEpochs,
    schedule: cosine(config.sourceLr, config.lrMin, config.sourceEpochs),
    hyper: { momentum: config.momentum, weightDecay: config.weightDecay },
    seed: config.seed,
  }
  const onStep = (done: number, total: number) => onProgress('pre-train on 0-4', done, total)
  return pipe(
    putContents(engine, network, startingContents(network, config.seed)),
    TE.chain(() => putSamples(engine, data.sourceTrain)),
    TE.chain(() => putSamples(engine, data.sourceTest)),
    TE.chain(() => measure({ epoch: 0, loss: Number.NaN })),
    TE.chain(() => trainEpochs(engine, course, { onStep, onEpoch: measure })),
    TE.map(place => {
      dropSlots(engine, training)
      dropSamples(engine, data.sourceTrain)
      dropSamples(engine, data.sourceTest)
      return place.epoch < config.sourceEpochs ? O.none : O.some(epochs)
    }),
  )
}

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

const transferAll = (
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

const countsOf = (train: Samples, test: Samples) => ({ train: train.count, test: test.count })

/** Runs the demo; none where `onProgress` stopped it. Its numbers are the same for the same config, seed and device, times aside. */
export const demo = (
  engine: Engine,
  data: DemoData,
  config: DemoConfig,
  onProgress: OnProgress,
): TE.TaskEither<Fault, O.Option<DemoResult>> => {
  const { depth, width } = config
  return pipe(
    TE.fromEither(networkOf(mlp({ inputs: 784, depth, width, classes: 5 }), 'source')),
    TE.chain(network => {
      const lab: Lab = { engine, config, data, network, onProgress }
      return pipe(
        pretrain(lab),
        TE.chain(source =>
          O.isNone(source)
            ? TE.right(O.none)
            : pipe(
                transferAll(lab),
                TE.map(
                  O.map(rest => ({
                    version: 1 as const,
                    engine: engine.info,
                    config: { ...config },
                    layers: network.model.blocks.map(b => b.name),
                    sourceCounts: countsOf(data.sourceTrain, data.sourceTest),
                    targetCounts: countsOf(data.targetTrain, data.targetTest),
                    source: source.value,
                    ...rest,
                  })),
                ),
              ),
        ),
      )
    }),
  )
}

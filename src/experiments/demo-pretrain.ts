// The demo's first part: pre-training on the source classes, with collapse measured on the way.
import { pipe } from 'fp-ts/function'
import * as O from 'fp-ts/Option'
import * as TE from 'fp-ts/TaskEither'
import type { Fault } from '../core/fault.ts'
import type { Engine } from '../device/engine.ts'
import { crossEntropy } from '../losses/losses.ts'
import { sgd } from '../optim/optimizer.ts'
import { cosine } from '../optim/schedule.ts'
import { type EpochLog, trainEpochs } from '../train/epochs.ts'
import { layerNc1 } from '../train/layer-metrics.ts'
import { type Network, putContents, startingContents } from '../train/network.ts'
import { evaluationProgram, type Pass, type Training } from '../train/programs.ts'
import { evaluate, type Score } from '../train/run.ts'
import { dropSamples, putSamples, type Samples } from '../train/samples.ts'
import { dropSlots } from '../train/snapshot.ts'
import { EVALUATION_BATCH, type Lab } from './demo-lab.ts'
import type { SourceEpoch } from './demo-result.ts'

const sourcePass = (network: Network, samples: Samples): Pass => ({
  network,
  samples,
  batch: EVALUATION_BATCH,
  loss: crossEntropy,
  from: 0,
})

const score = (engine: Engine, pass: Pass): TE.TaskEither<Fault, Score> =>
  evaluate(engine, evaluationProgram(pass), pass.samples, pass.batch)

const sourceTraining = ({ network, data, config }: Lab): Training => ({
  network,
  samples: data.sourceTrain,
  batch: config.sourceBatch,
  loss: crossEntropy,
  from: 0,
  trains: () => true,
  optimizer: sgd,
})

/** Loss and accuracy on the source's training images: over an epoch's steps, or before any of them. */
type TrainScore = Pick<EpochLog, 'epoch' | 'loss' | 'trainAccuracy'>

const measureSource = (
  { engine, network, data }: Lab,
  { epoch, loss, trainAccuracy }: TrainScore,
): TE.TaskEither<Fault, SourceEpoch> =>
  pipe(
    TE.Do,
    TE.bind('nc1', () => layerNc1(engine, sourcePass(network, data.sourceTrain))),
    TE.bind('test', () => score(engine, sourcePass(network, data.sourceTest))),
    TE.map(({ nc1, test }) => ({
      epoch,
      loss,
      trainAccuracy,
      testAccuracy: test.accuracy,
      nc1,
    })),
  )

/** Pre-trains the network in the store; none where it was stopped. */
export const pretrain = (lab: Lab): TE.TaskEither<Fault, O.Option<ReadonlyArray<SourceEpoch>>> => {
  const { engine, config, network, data, onProgress } = lab
  const training = sourceTraining(lab)
  const epochs: Array<SourceEpoch> = []
  const measure = (log: TrainScore): TE.TaskEither<Fault, unknown> =>
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
    TE.chain(() => score(engine, sourcePass(network, data.sourceTrain))),
    TE.chain(({ loss, accuracy }) => measure({ epoch: 0, loss, trainAccuracy: accuracy })),
    TE.chain(() => trainEpochs(engine, course, { onStep, onEpoch: measure })),
    TE.map(place => {
      dropSlots(engine, training)
      dropSamples(engine, data.sourceTrain)
      dropSamples(engine, data.sourceTest)
      return place.epoch < config.sourceEpochs ? O.none : O.some(epochs)
    }),
  )
}

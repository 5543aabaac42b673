// The demo's first part: pre-training on the source classes, with collapse measured on the way.
import { pipe } from 'fp-ts/function'
import * as O from 'fp-ts/Option'
import * as TE from 'fp-ts/TaskEither'
import type { Fault } from '../core/fault.ts'
import { crossEntropy } from '../losses/losses.ts'
import { sgd } from '../optim/optimizer.ts'
import { cosine } from '../optim/schedule.ts'
import { trainEpochs } from '../train/epochs.ts'
import { layerNc1 } from '../train/layer-metrics.ts'
import { putContents, startingContents } from '../train/network.ts'
import { evaluationProgram, type Training } from '../train/programs.ts'
import { evaluate } from '../train/run.ts'
import { dropSamples, putSamples, type Samples } from '../train/samples.ts'
import { dropSlots } from '../train/snapshot.ts'
import { EVALUATION_BATCH, type Lab } from './demo-lab.ts'
import type { SourceEpoch } from './demo-result.ts'

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
  epoch: number,
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
      epoch,
      loss: train.loss,
      trainAccuracy: train.accuracy,
      testAccuracy: test.accuracy,
      nc1,
    })),
  )
}

/** Pre-trains the network in the store; none where it was stopped. */
export const pretrain = (lab: Lab): TE.TaskEither<Fault, O.Option<ReadonlyArray<SourceEpoch>>> => {
  const { engine, config, network, data, onProgress } = lab
  const training = sourceTraining(lab)
  const epochs: Array<SourceEpoch> = []
  const measure = (epoch: number): TE.TaskEither<Fault, unknown> =>
    config.measureAt.includes(epoch)
      ? pipe(
          measureSource(lab, epoch),
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
    TE.chain(() => measure(0)),
    TE.chain(() => trainEpochs(engine, course, { onStep, onEpoch: log => measure(log.epoch) })),
    TE.map(place => {
      dropSlots(engine, training)
      dropSamples(engine, data.sourceTrain)
      dropSamples(engine, data.sourceTest)
      return place.epoch < config.sourceEpochs ? O.none : O.some(epochs)
    }),
  )
}

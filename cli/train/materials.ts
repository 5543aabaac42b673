// What a config stands for: data, network, loss, and the ops of plugins.
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import { loadPlugin, type PluginOp } from '../../src/codec/plugin.ts'
import type { TrainConfig } from '../../src/codec/train-config.ts'
import type { Fault } from '../../src/core/fault.ts'
import { crossEntropy, type Loss, meanSquaredError } from '../../src/losses/losses.ts'
import { sgd } from '../../src/optim/optimizer.ts'
import { cropsOf } from '../../src/train/crops.ts'
import { type ClassSamples, loadSamples } from '../../src/train/load-samples.ts'
import type { Training } from '../../src/train/programs.ts'
import { type Begun, begin, chooseNetwork } from './choose-network.ts'

/** Both splits, and the training of the network on the first, from its starting contents. */
export interface Materials {
  readonly config: TrainConfig
  readonly training: Training
  readonly start: Begun['start']
  /** What matched of the weights, for people; null from scratch. */
  readonly said: string | null
  /** Whose names the weights had that it begins with. */
  readonly origin: string
  readonly train: ClassSamples
  readonly test: ClassSamples
}

const losses: { readonly [name in TrainConfig['loss']]: Loss } = {
  ce: crossEntropy,
  mse: meanSquaredError(),
}

const loadPlugins = (files: ReadonlyArray<string>): TE.TaskEither<Fault, ReadonlyArray<PluginOp>> =>
  pipe(
    TE.traverseSeqArray(loadPlugin)(files),
    TE.map(ops => ops.flat()),
  )

const trainingOf = (
  { batch, loss, augment, recompute }: TrainConfig,
  samples: ClassSamples,
  { network }: Begun,
): Training => ({
  network,
  samples,
  batch: Math.min(batch, samples.count),
  loss: losses[loss],
  from: 0,
  trains: () => true,
  optimizer: sgd,
  recompute,
  ...(augment === 'none' ? {} : { augment: cropsOf(samples) }),
})

/** Loads what a config names; nothing is written and no engine is opened. */
export const gather = (config: TrainConfig, dataRoot: string): TE.TaskEither<Fault, Materials> => {
  const { data } = config
  return pipe(
    loadPlugins(config.plugins),
    TE.chain(ops => chooseNetwork(config, ops)),
    TE.bindTo('choice'),
    TE.bind('train', ({ choice: { prepare } }) =>
      loadSamples(data, 'train', 'train', dataRoot, prepare),
    ),
    TE.bind('test', ({ choice: { prepare } }) =>
      loadSamples(data, 'test', 'test', dataRoot, prepare),
    ),
    TE.bind('begun', ({ choice, train }) => TE.fromEither(begin(config, choice, train))),
    TE.map(
      ({ train, test, begun, choice: { origin } }): Materials => ({
        config,
        train,
        test,
        training: trainingOf(config, train, begun),
        start: begun.start,
        said: begun.said,
        origin,
      }),
    ),
  )
}

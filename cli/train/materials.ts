// What a config stands for: data, network, loss, and the ops of plugins.
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import { suggestion } from '../../src/codec/closed.ts'
import { loadPlugin, type PluginOp } from '../../src/codec/plugin.ts'
import type { TrainConfig } from '../../src/codec/train-config.ts'
import { type Fault, fault } from '../../src/core/fault.ts'
import { crossEntropy, type Loss, meanSquaredError } from '../../src/losses/losses.ts'
import { type MlpConfig, mlp } from '../../src/models/mlp.ts'
import type { Model } from '../../src/models/model.ts'
import { elementwise } from '../../src/nn/elementwise.ts'
import type { Empty, Layer } from '../../src/nn/layer.ts'
import { sgd } from '../../src/optim/optimizer.ts'
import { type ClassSamples, loadSamples } from '../../src/train/load-samples.ts'
import { networkOf } from '../../src/train/network.ts'
import type { Training } from '../../src/train/programs.ts'

/** Both splits, and the training of the network on the first. */
export interface Materials {
  readonly config: TrainConfig
  readonly training: Training
  readonly train: ClassSamples
  readonly test: ClassSamples
}

const losses: { readonly [name in TrainConfig['loss']]: Loss } = {
  ce: crossEntropy,
  mse: meanSquaredError(),
}

const models: { readonly [name in TrainConfig['model']]: (config: MlpConfig) => Model } = { mlp }

type Activation = Layer<Empty, Empty>

/** The layer of a name; none for the models' own. */
const activationOf = (
  name: string,
  ops: ReadonlyArray<PluginOp>,
): E.Either<Fault, { readonly activation?: Activation }> => {
  if (name === 'relu') return E.right({})
  const unary = ops.find(({ op }) => op.name === name)
  return unary === undefined
    ? E.left(
        fault(
          `unknown activation '${name}'`,
          '--activation',
          `${suggestion(name, ['relu', ...ops.map(({ op }) => op.name)])}; --plugin FILE brings more`,
        ),
      )
    : E.right({ activation: elementwise(unary) })
}

const loadPlugins = (files: ReadonlyArray<string>): TE.TaskEither<Fault, ReadonlyArray<PluginOp>> =>
  pipe(
    TE.traverseSeqArray(loadPlugin)(files),
    TE.map(ops => ops.flat()),
  )

const trainingOf = (
  config: TrainConfig,
  samples: ClassSamples,
  activation: { readonly activation?: Activation },
): E.Either<Fault, Training> => {
  const { depth, width, batch, loss, model } = config
  const inputs =
    samples.contents._tag === 'Images' ? samples.contents.format.features : samples.contents.width
  return pipe(
    networkOf(
      models[model]({ inputs, depth, width, classes: samples.classes, ...activation }),
      'net',
    ),
    E.map(network => ({
      network,
      samples,
      batch: Math.min(batch, samples.count),
      loss: losses[loss],
      from: 0,
      trains: () => true,
      optimizer: sgd,
    })),
  )
}

/** Loads what a config names; nothing is written and no engine is opened. */
export const gather = (config: TrainConfig, dataRoot: string): TE.TaskEither<Fault, Materials> =>
  pipe(
    loadPlugins(config.plugins),
    TE.chainEitherK(ops => activationOf(config.activation, ops)),
    TE.bindTo('activation'),
    TE.bind('train', () => loadSamples(config.data, 'train', 'train', dataRoot)),
    TE.bind('test', () => loadSamples(config.data, 'test', 'test', dataRoot)),
    TE.bind('training', ({ train, activation }) =>
      TE.fromEither(trainingOf(config, train, activation)),
    ),
    TE.map(({ train, test, training }) => ({ config, train, test, training })),
  )

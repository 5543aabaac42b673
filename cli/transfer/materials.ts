// What a config of `collapse transfer` stands for: the pre-trained network, and both splits prepared for it.
import { join } from 'node:path'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import { DataSpec } from '../../src/codec/data-spec.ts'
import { decodeWith, inFile, parseJson } from '../../src/codec/decode.ts'
import { loadPlugin } from '../../src/codec/plugin.ts'
import { TrainConfig } from '../../src/codec/train-config.ts'
import type { TransferConfig } from '../../src/codec/transfer-config.ts'
import type { Fault } from '../../src/core/fault.ts'
import { readText, runFiles } from '../../src/data/run-folder.ts'
import { type ClassSamples, loadSamples } from '../../src/train/load-samples.ts'
import type { Network } from '../../src/train/network.ts'
import { type Begun, begin, chooseNetwork } from '../train/choose-network.ts'

/** The source with its contents, and both splits of the target. */
export interface Materials {
  readonly config: TransferConfig
  readonly network: Network
  readonly start: Begun['start']
  /** What matched of the weights. */
  readonly said: string
  readonly train: ClassSamples
  readonly test: ClassSamples
  /** Ops of the run's plugins are in the network. */
  readonly plugins: boolean
}

const decodeTrain = (where: string) =>
  decodeWith(TrainConfig, inFile(where), 'give a run of collapse train')

/** The network as a training run would begin with it: the weights, and a new head for the data. */
const sourceOf = ({
  from,
  model,
  weights,
  data,
  size,
  seed,
}: TransferConfig): TE.TaskEither<Fault, TrainConfig> => {
  const target = {
    data: DataSpec.encode(data),
    seed,
    head: 'drop',
    ...(size === null ? {} : { size }),
  }
  if (from === null) {
    const named = { version: 1, model, weights, ...target }
    return TE.fromEither(decodeTrain('collapse transfer')(named))
  }
  const path = join(from, runFiles.config)
  return pipe(
    readText(path, 'give the folder of a run of collapse train'),
    TE.chainEitherK(text => parseJson(text, path)),
    TE.chainEitherK(decodeTrain(path)),
    TE.map(run => ({ ...TrainConfig.encode(run), weights: join(from, runFiles.checkpoint) })),
    TE.chainEitherK(run => decodeTrain(path)({ ...run, ...target })),
  )
}

/** The images that are scored: all of the test split, or as many of each class. */
const testSpec = ({ data, testPerClass }: TransferConfig): DataSpec => ({
  ...data,
  split: 'test',
  perClass: testPerClass,
})

/** Loads what a config names; nothing is written and no engine is opened. */
export const gather = (config: TransferConfig, dataRoot: string): TE.TaskEither<Fault, Materials> =>
  pipe(
    sourceOf(config),
    TE.bindTo('source'),
    TE.bind('ops', ({ source }) => TE.traverseSeqArray(loadPlugin)(source.plugins)),
    TE.bind('choice', ({ source, ops }) => chooseNetwork(source, ops.flat())),
    TE.bind('train', ({ choice: { prepare } }) =>
      loadSamples(config.data, 'train', 'train', dataRoot, prepare),
    ),
    TE.bind('test', ({ choice: { prepare } }) =>
      loadSamples(testSpec(config), 'test', 'test', dataRoot, prepare),
    ),
    TE.bind('begun', ({ source, choice, train }) => TE.fromEither(begin(source, choice, train))),
    TE.map(({ source, train, test, begun: { network, start, said } }) => ({
      config,
      network,
      start,
      said: said ?? '',
      train,
      test,
      plugins: source.plugins.length > 0,
    })),
  )

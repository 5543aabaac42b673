// What a config of `collapse transfer` stands for: the pre-trained network, and both splits prepared for it.
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import { DataSpec } from '../../src/codec/data-spec.ts'
import type { ProbeConfig } from '../../src/codec/probe-config.ts'
import type { TrainConfig } from '../../src/codec/train-config.ts'
import type { TransferConfig } from '../../src/codec/transfer-config.ts'
import type { Fault } from '../../src/core/fault.ts'
import { type ClassSamples, loadSamples } from '../../src/train/load-samples.ts'
import type { Network } from '../../src/train/network.ts'
import { chosenBy, decodeTrain, runConfig } from '../network/source.ts'
import { type Begun, begin } from '../train/choose-network.ts'

/** A config that names a network and the data that it goes to. */
type Config = TransferConfig | ProbeConfig

/** The source with its contents, and both splits of the target. */
export interface Materials<C extends Config = TransferConfig> {
  readonly config: C
  readonly network: Network
  readonly start: Begun['start']
  /** What matched of the weights. */
  readonly said: string
  readonly train: ClassSamples
  readonly test: ClassSamples
  /** Ops of the run's plugins are in the network. */
  readonly plugins: boolean
}

/** The network as a training run would begin with it: the weights, and a new head for the data. */
const trainConfigOf = ({
  from,
  model,
  weights,
  data,
  size,
  seed,
}: Config): TE.TaskEither<Fault, TrainConfig> => {
  const target = {
    data: DataSpec.encode(data),
    seed,
    head: 'drop',
    ...(size === null ? {} : { size }),
  }
  return from === null
    ? TE.fromEither(decodeTrain('the network')({ version: 1, model, weights, ...target }))
    : runConfig(from, target)
}

/** The images that are scored: all of the test split, or as many of each class. */
const testSpec = ({ data, testPerClass }: Config): DataSpec => ({
  ...data,
  split: 'test',
  perClass: testPerClass,
})

/** Loads what a config names; nothing is written and no engine is opened. */
export const gather = <C extends Config>(
  config: C,
  dataRoot: string,
): TE.TaskEither<Fault, Materials<C>> =>
  pipe(
    trainConfigOf(config),
    TE.bindTo('source'),
    TE.bind('chosen', ({ source }) => chosenBy(source)),
    TE.bind('train', ({ chosen: { choice } }) =>
      loadSamples(config.data, 'train', 'train', dataRoot, choice.prepare),
    ),
    TE.bind('test', ({ chosen: { choice } }) =>
      loadSamples(testSpec(config), 'test', 'test', dataRoot, choice.prepare),
    ),
    TE.bind('begun', ({ source, chosen: { choice }, train }) =>
      TE.fromEither(begin(source, choice, train)),
    ),
    TE.map(({ train, test, chosen: { plugins }, begun: { network, start, said } }) => ({
      ...{ config, network, start, train, test, plugins },
      said: said ?? '',
    })),
  )

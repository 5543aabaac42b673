// Whose network a command runs: one by name with a file of weights, or that of a run of `collapse train`.
import { join } from 'node:path'
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import { decodeWith, inFile, parseJson } from '../../src/codec/decode.ts'
import { loadPlugin } from '../../src/codec/plugin.ts'
import { TrainConfig } from '../../src/codec/train-config.ts'
import { type Fault, fault } from '../../src/core/fault.ts'
import { readText, runFiles } from '../../src/data/run-folder.ts'
import { headName } from '../../src/models/model.ts'
import { networkOf } from '../../src/train/network.ts'
import { type Choice, chooseNetwork } from '../train/choose-network.ts'
import {
  classesIn,
  fitWeights,
  type LoadedNetwork,
  loadNetwork,
  type Wanted,
} from './load-network.ts'

/** A network by name with its weights, or a run by its folder. */
export type Source =
  | { readonly _tag: 'Named'; readonly model: string; readonly weights: string }
  | { readonly _tag: 'Run'; readonly from: string }

/** The flags that name a source. */
export interface SourceFlags {
  readonly from?: string | undefined
  readonly model?: string | undefined
  readonly weights?: string | undefined
}

/** The one source that flags name; a fault where they name none, half of one, or two. */
export const sourceOf = ({ from, model, weights }: SourceFlags): E.Either<Fault, Source> => {
  const lacks = (flag: string, mend: string) => E.left(fault('nothing given', flag, mend))
  if (from !== undefined) {
    return model === undefined && weights === undefined
      ? E.right({ _tag: 'Run', from })
      : E.left(
          fault('a run has its network and weights', '--from', 'leave --model and --weights out'),
        )
  }
  if (model === undefined) {
    return lacks('--model', 'give the network, or --from a run of collapse train')
  }
  return weights === undefined
    ? lacks('--weights', 'give the file with the weights of the --model')
    : E.right({ _tag: 'Named', model, weights })
}

/** A config of collapse train from anywhere. */
export const decodeTrain = (where: string) =>
  decodeWith(TrainConfig, inFile(where), 'give a run of collapse train')

/** The config of a run by its folder, its checkpoint as the weights, with changes to it. */
export const runConfig = (
  from: string,
  changes: Readonly<Record<string, unknown>>,
): TE.TaskEither<Fault, TrainConfig> => {
  const path = join(from, runFiles.config)
  return pipe(
    readText(path, 'give the folder of a run of collapse train'),
    TE.chainEitherK(text => parseJson(text, path)),
    TE.chainEitherK(decodeTrain(path)),
    TE.map(run => ({ ...TrainConfig.encode(run), weights: join(from, runFiles.checkpoint) })),
    TE.chainEitherK(run => decodeTrain(path)({ ...run, ...changes })),
  )
}

/** A network before its data are known; `plugins` where ops are in it that are not ours. */
export interface Chosen {
  readonly choice: Choice
  readonly plugins: boolean
}

/** Loads the plugins of a config and looks its network up, with its weights. */
export const chosenBy = (config: TrainConfig): TE.TaskEither<Fault, Chosen> =>
  pipe(
    TE.traverseSeqArray(loadPlugin)(config.plugins),
    TE.chain(ops => chooseNetwork(config, ops.flat())),
    TE.map(choice => ({ choice, plugins: config.plugins.length > 0 })),
  )

/** What is wanted of a source. */
export type SourceWish = Omit<Wanted, 'model' | 'weights'>

/** Values that the first layer of an MLP takes, as its weights have them. */
const inputsOf = ({ weights }: Choice): number =>
  weights?.get('layers.0.linear.weight')?.shape[1] ?? 1

const loadRun = (from: string, wish: SourceWish): TE.TaskEither<Fault, LoadedNetwork> => {
  const { head, size, seed, classes } = wish
  return pipe(
    runConfig(from, { head, ...(size === undefined ? {} : { size }) }),
    TE.bindTo('run'),
    TE.bind('chosen', ({ run }) => chosenBy(run)),
    TE.chainEitherK(({ run, chosen: { choice, plugins } }) => {
      const { weights, prepare, origin, make } = choice
      const path = join(from, runFiles.checkpoint)
      const given = weights ?? new Map()
      const sized = (k: number) => make({ classes: k, inputs: inputsOf(choice) })
      const own = classesIn(given, headName(sized(1)))
      return pipe(
        networkOf(sized((head === 'drop' ? classes : own) ?? own ?? 1), 'net'),
        E.bindTo('network'),
        E.bind('matched', ({ network }) =>
          fitWeights(network, given, { head, weights: path, seed }),
        ),
        E.map(({ network, matched }) => ({
          ...{ model: run.model, weights: path, network, origin, plugins, prepare },
          ...{ data: run.data, ...matched },
        })),
      )
    }),
  )
}

/** Loads a network with its weights: those of a run are prepared for as in its training, with its ops and its size. */
export const loadSource = (
  source: Source,
  wish: SourceWish,
): TE.TaskEither<Fault, LoadedNetwork> =>
  source._tag === 'Run' ? loadRun(source.from, wish) : loadNetwork({ ...source, ...wish })

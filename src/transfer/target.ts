// A downstream task, and what the frozen network makes of it: computed once and shared by every way of transferring.
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import type { Fault } from '../core/fault.ts'
import type { Engine } from '../device/engine.ts'
import { crossEntropy } from '../losses/losses.ts'
import { nc1Of } from '../train/layer-metrics.ts'
import type { Network } from '../train/network.ts'
import { tapsProgram } from '../train/programs.ts'
import { collect } from '../train/run.ts'
import { putSamples, type Samples } from '../train/samples.ts'

/** Outputs [count, d] of blocks by name. */
export type Taps = ReadonlyMap<string, Float32Array>

/** The samples of one split, and the frozen blocks' outputs on them. */
export interface Split {
  readonly samples: Samples
  readonly taps: Taps
}

/** A downstream task for one network. */
export interface Target {
  readonly train: Split
  readonly test: Split
  /** nc1 of each frozen block's output on the training split, by block. */
  readonly nc1: ReadonlyArray<number>
  readonly classes: number
}

const splitOf = (
  engine: Engine,
  network: Network,
  samples: Samples,
  batch: number,
): TE.TaskEither<Fault, Split> =>
  pipe(
    putSamples(engine, samples),
    TE.chain(() => {
      const pass = { network, samples, batch, loss: crossEntropy, from: 0 }
      return collect(engine, tapsProgram(pass), samples, batch)
    }),
    TE.map(taps => ({ samples, taps })),
  )

/**
 * Uploads both splits and runs the frozen network over them once. The network's layers must behave the same in every
 * batch (no batch norm that adapts), as the cached outputs stand for them from then on.
 */
export const targetOf = (
  engine: Engine,
  network: Network,
  splits: { readonly train: Samples; readonly test: Samples },
  batch: number,
): TE.TaskEither<Fault, Target> =>
  pipe(
    TE.Do,
    TE.bind('train', () => splitOf(engine, network, splits.train, batch)),
    TE.bind('test', () => splitOf(engine, network, splits.test, batch)),
    TE.bind('nc1', ({ train }) =>
      pipe(
        network.model.blocks.map(({ name }) =>
          nc1Of(train.taps.get(name) ?? new Float32Array(0), train.samples, name),
        ),
        E.sequenceArray,
        TE.fromEither,
      ),
    ),
    TE.map(target => ({ ...target, classes: 1 + Math.max(...splits.train.labels) })),
  )

/** What blocks `from`.. read: the samples themselves, or the cached outputs of block `from - 1` under a name of their own. */
export const inputsOf = (network: Network, { samples, taps }: Split, from: number): Samples => {
  const before = network.model.blocks[from - 1]
  const rows = before === undefined ? undefined : taps.get(before.name)
  return rows === undefined
    ? samples
    : {
        ...samples,
        name: `${samples.name}/after ${before?.name}`,
        contents: { _tag: 'Rows', rows, width: rows.length / samples.count },
      }
}

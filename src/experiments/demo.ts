// The demo: pre-train on digits 0-4, measure collapse layer by layer, transfer to 5-9 in the paper's four ways.
import { pipe } from 'fp-ts/function'
import * as O from 'fp-ts/Option'
import * as TE from 'fp-ts/TaskEither'
import type { Fault } from '../core/fault.ts'
import type { Engine } from '../device/engine.ts'
import { mlp } from '../models/mlp.ts'
import { networkOf } from '../train/network.ts'
import type { Samples } from '../train/samples.ts'
import type { DemoConfig } from './demo-config.ts'
import type { DemoData, Lab, OnProgress } from './demo-lab.ts'
import { pretrain } from './demo-pretrain.ts'
import type { DemoResult } from './demo-result.ts'
import { transferAll } from './demo-transfer.ts'

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

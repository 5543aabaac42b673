// What a result says of the trial itself: the engine, the network and the data; and in words, for the page.
import { basename } from 'node:path'
import { type DataSpec, showDataSpec } from '../../src/codec/data-spec.ts'
import { deviceFacts } from '../../src/codec/device-facts.ts'
import type { TransferResult } from '../../src/codec/transfer-result.ts'
import type { Engine } from '../../src/device/engine.ts'
import { countParameters } from '../../src/models/model.ts'
import type { Network } from '../../src/train/network.ts'
import type { ClassSamples } from '../../src/train/load-samples.ts'

interface Tried {
  readonly network: Network
  readonly train: ClassSamples
  readonly test: ClassSamples
}

/** Engine, network and sizes of a trial. */
export const trialOf = (
  { info }: Engine,
  { network: { model, init }, train, test }: Tried,
): Pick<TransferResult, 'device' | 'network' | 'data'> => ({
  device: deviceFacts(info),
  network: {
    name: model.name,
    input: model.input,
    parameters: countParameters(init),
    width: init.width,
  },
  data: { train: train.count, test: test.count, classes: train.classes },
})

interface Asked {
  readonly from: string | null
  readonly weights: string | null
  readonly data: DataSpec
  readonly preset: string
}

/** The settings that a page shows. */
export const settingsOf = (
  { from, weights, data, preset }: Asked,
  network: string,
): ReadonlyArray<readonly [name: string, value: string]> => [
  ['network', network],
  ['from', from ?? basename(weights ?? '')],
  ['data', showDataSpec(data)],
  ['preset', preset],
]

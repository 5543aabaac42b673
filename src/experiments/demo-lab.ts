// What the parts of the demo share: engine, sizes, images, network, and who is told of progress.
import type { Engine } from '../device/engine.ts'
import type { Network } from '../train/network.ts'
import type { Samples } from '../train/samples.ts'
import type { DemoConfig } from './demo-config.ts'

/** The four sets of images; labels of each task are 0..4. */
export interface DemoData {
  readonly sourceTrain: Samples
  readonly sourceTest: Samples
  readonly targetTrain: Samples
  readonly targetTest: Samples
}

/** Told what is under way; `false` stops the demo. */
export type OnProgress = (phase: string, done: number, total: number) => boolean

/** What the parts of the demo share. */
export interface Lab {
  readonly engine: Engine
  readonly config: DemoConfig
  readonly data: DemoData
  readonly network: Network
  readonly onProgress: OnProgress
}

/** Images in a batch where nothing is trained. */
export const EVALUATION_BATCH = 512

// What the demo produces: plain data, from which its table, its claims and its page are made.
import type { EngineInfo } from '../device/engine.ts'

/** One measurement during pre-training: nc1 of each hidden layer's output on the source training split, first layer first. */
export interface SourceEpoch {
  readonly epoch: number
  /** Means over the epoch's training steps, or over all training images before the first. Accuracies are shares in [0, 1]. */
  readonly loss: number
  readonly trainAccuracy: number
  /** On the held-out test images of the source classes. */
  readonly testAccuracy: number
  readonly nc1: ReadonlyArray<number>
}

/** The paper's four ways. */
export type Method = 'probe' | 'layer' | 'scl' | 'full'

/** One way of transferring: a row of the table. `layer` is the tuned hidden layer's name, null for probe and full. */
export interface TransferRow {
  readonly method: Method
  readonly layer: string | null
  /** Share in [0, 1] on all test images of the downstream classes, last epoch; best over epochs beside it. */
  readonly testAccuracy: number
  readonly bestAccuracy: number
  readonly trainAccuracy: number
  /** nc1 of the classifier's input on the downstream training images. */
  readonly penultimateNc1: number
  /** nc1 of every hidden layer's output after tuning; for SCL the encoder's own, without the skip. */
  readonly nc1: ReadonlyArray<number>
  readonly trainedParameters: number
  readonly percent: number
  readonly seconds: number
  readonly plannedBytes: number
}

/** A layer-wise probe (Fig 8): a linear classifier on one hidden layer's output of the pre-trained network. */
export interface LayerProbe {
  readonly layer: string
  readonly nc1: number
  readonly testAccuracy: number
}

/** Everything that `reproduce demo` measured. */
export interface DemoResult {
  readonly version: 1
  readonly engine: EngineInfo
  readonly config: Readonly<Record<string, unknown>>
  readonly layers: ReadonlyArray<string>
  readonly sourceCounts: { readonly train: number; readonly test: number }
  readonly targetCounts: { readonly train: number; readonly test: number }
  readonly source: ReadonlyArray<SourceEpoch>
  readonly transfer: ReadonlyArray<TransferRow>
  readonly layerProbes: ReadonlyArray<LayerProbe>
}

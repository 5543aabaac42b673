// The demo's sizes and lengths.

/** Sizes and lengths of the demo. `measureAt` are epochs of pre-training after which collapse is measured. */
export interface DemoConfig {
  readonly depth: number
  readonly width: number
  readonly sourceEpochs: number
  readonly measureAt: ReadonlyArray<number>
  readonly sourceBatch: number
  readonly sourceLr: number
  readonly perClass: number
  readonly transferEpochs: number
  readonly transferBatch: number
  readonly transferLr: number
  readonly evaluateEvery: number
  readonly momentum: number
  readonly weightDecay: number
  readonly lrMin: number
  readonly seed: number
}

/** The demo as `collapse reproduce demo` runs it. */
export const demoConfig: DemoConfig = {
  depth: 6,
  width: 256,
  sourceEpochs: 5,
  measureAt: [0, 1, 2, 4, 5],
  sourceBatch: 128,
  sourceLr: 0.05,
  perClass: 100,
  transferEpochs: 24,
  transferBatch: 100,
  transferLr: 0.05,
  evaluateEvery: 8,
  momentum: 0.9,
  weightDecay: 1e-4,
  lrMin: 1e-4,
  seed: 1,
}

/** Epochs of pre-training at which collapse is measured: the start, powers of two, and the end. */
export const measuredEpochs = (epochs: number): ReadonlyArray<number> => {
  const powers = Array.from({ length: 20 }, (_, i) => 2 ** i).filter(e => e < epochs)
  return [0, ...powers, epochs]
}

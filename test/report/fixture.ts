// A made-up result of the demo with plausible figures, for tests of the table, the claims and the page.
import type {
  DemoResult,
  LayerProbe,
  Method,
  SourceEpoch,
  TransferRow,
} from '../../src/experiments/demo-result.ts'

const layers = ['layer1', 'layer2', 'layer3', 'layer4', 'layer5', 'layer6']

const source: ReadonlyArray<SourceEpoch> = [
  [0, 1.612, 0.2013, 0.2104, [9.42, 9.05, 9.31, 9.9, 10.8, 11.6]],
  [1, 0.184, 0.9462, 0.9689, [5.1, 3.02, 1.71, 1.02, 0.71, 0.62]],
  [3, 0.0431, 0.9868, 0.9852, [4.21, 2.05, 0.91, 0.42, 0.235, 0.178]],
  [6, 0.0144, 0.9957, 0.9901, [3.88, 1.62, 0.583, 0.211, 0.0962, 0.0641]],
  [9, 0.0037, 0.9993, 0.9926, [3.71, 1.41, 0.428, 0.131, 0.0512, 0.0298]],
  [12, 0.0011, 0.9999, 0.9938, [3.66, 1.33, 0.371, 0.104, 0.0371, 0.0204]],
].map(([epoch, loss, trainAccuracy, testAccuracy, nc1]) => ({
  epoch: Number(epoch),
  loss: Number(loss),
  trainAccuracy: Number(trainAccuracy),
  testAccuracy: Number(testAccuracy),
  nc1: Array.isArray(nc1) ? nc1 : [],
}))

const before = [4.61, 4.18, 4.72, 5.83, 6.94, 7.58]

const layerProbes: ReadonlyArray<LayerProbe> = [0.9142, 0.9231, 0.9087, 0.8793, 0.8421, 0.8104].map(
  (testAccuracy, i) => ({ layer: layers[i] ?? '', nc1: before[i] ?? 0, testAccuracy }),
)

const total = 1_120_005

/** Before the tuned layer nothing changes; from there on nc1 falls towards `last`. */
const after = (tuned: number, last: number): ReadonlyArray<number> =>
  before.map((x, i) => {
    const share = i < tuned ? 0 : (i - tuned + 1.5) / (layers.length - tuned + 0.5)
    return Number((x ** (1 - share) * last ** share).toPrecision(4))
  })

const row = (
  method: Method,
  tuned: number | null,
  testAccuracy: number,
  penultimateNc1: number,
  trainedParameters: number,
  seconds: number,
): TransferRow => ({
  method,
  layer: tuned === null ? null : (layers[tuned] ?? null),
  testAccuracy,
  bestAccuracy: testAccuracy + 0.0013,
  trainAccuracy: method === 'probe' ? 0.894 : 1,
  penultimateNc1,
  nc1:
    method === 'probe'
      ? before
      : after(tuned ?? 0, method === 'scl' ? penultimateNc1 * 1.4 : penultimateNc1),
  trainedParameters,
  percent: (100 * trainedParameters) / total,
  seconds,
  plannedBytes: 3_400_000 + 9 * trainedParameters,
})

const transfer: ReadonlyArray<TransferRow> = [
  row('probe', null, 0.8104, 7.58, 2005, 0.42),
  ...[0.9364, 0.9335, 0.9268, 0.9153, 0.8987, 0.8702].map((accuracy, i) =>
    row('layer', i, accuracy, [0.081, 0.094, 0.142, 0.281, 0.642, 1.53][i] ?? 0, 162_405, 1.93),
  ),
  ...[0.9402, 0.9391, 0.9316, 0.9204, 0.9041, 0.8764].map((accuracy, i) =>
    row('scl', i, accuracy, [0.052, 0.061, 0.088, 0.191, 0.447, 1.21][i] ?? 0, 162_405, 2.04),
  ),
  row('full', null, 0.9417, 0.0312, total, 3.81),
]

/** Six hidden layers, six measured epochs, six layer probes and fourteen ways of transfer. */
export const demoResult: DemoResult = {
  version: 1,
  engine: {
    engine: 'webgpu',
    adapter: 'llvmpipe (LLVM 19.1.7, 256 bits)',
    driver: 'Mesa 25.0.7-2~bpo12+1 (LLVM 19.1.7)',
    vendor: 'mesa',
    software: true,
    family: 'texture',
    precision: 'f32',
    tuned: false,
    features: ['subgroups', 'timestamp-query'],
    limits: { maxBufferSize: 2147483648 },
  },
  config: {
    seed: 1,
    data: { source: 'mnist?classes=0-4', target: 'mnist?classes=5-9&perClass=100' },
    model: { kind: 'mlp', depth: 6, width: 400, activation: 'relu' },
    pretrain: { epochs: 12, batch: 128, lr: 0.1, momentum: 0.9, weightDecay: 0.0001 },
    transfer: { epochs: 60, batch: 100, lr: 0.05, schedule: 'cosine' },
  },
  layers,
  sourceCounts: { train: 30596, test: 5139 },
  targetCounts: { train: 500, test: 4861 },
  source,
  transfer,
  layerProbes,
}

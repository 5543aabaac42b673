// A result of `collapse transfer` with every kind of row, for tests of what is made of it.
import { TransferConfig } from '../../src/codec/transfer-config.ts'
import type { TransferResult, TransferRow } from '../../src/codec/transfer-result.ts'
import { right } from '../support/engines.ts'

const MIB = 2 ** 20

const metrics = (nc1: number): TransferRow['metrics'] => ({
  nc1,
  cdnv: nc1 / 2,
  numericalRank: 2.5,
  etfDistance: 0.4,
  equinorm: 0.1,
  equiangularity: 0.2,
  selfDuality: 0.9,
  nccMismatch: 0.05,
  traceW: 10 * nc1,
  traceB: 4,
  nullNc1: null,
  n: 100,
  d: 64,
  classes: 5,
  perClass: [20, 20, 20, 20, 20],
  rank: 4,
})

const row = (
  method: TransferRow['method'],
  [unit, layer]: readonly [number | null, string | null],
  accuracy: number,
  nc1: number,
): TransferRow => ({
  method,
  unit,
  layer,
  testAccuracy: accuracy,
  bestAccuracy: accuracy + 0.01,
  trainAccuracy: 0.99,
  penultimateNc1: nc1,
  metrics: metrics(nc1),
  encoder: method === 'scl' ? metrics(1.5 * nc1) : null,
  nc1: [9, method === 'full' ? null : 4, 1.5 * nc1],
  trainedParameters: Math.round(100_000 * accuracy),
  percent: 100 * accuracy,
  bytes: {
    weights: 10 * MIB,
    gradients: MIB,
    optimizer: 2 * MIB,
    activations: Math.round(30 * accuracy) * MIB,
    data: 5 * MIB,
    scratch: MIB,
    total: (19 + Math.round(30 * accuracy)) * MIB,
  },
  seconds: 10 * accuracy,
  imagesPerSecond: 100 / accuracy,
  frozen: { arrays: method === 'full' ? 0 : 60, identical: true },
  epochs: [
    {
      epoch: 1,
      lr: 0.01,
      loss: 0.7,
      trainAccuracy: 0.99,
      testAccuracy: accuracy,
      seconds: 10 * accuracy,
      imagesPerSecond: 100 / accuracy,
    },
  ],
  againstFull: null,
})

/** Five ways of a network of three units. */
export const transferResult: TransferResult = {
  version: 1,
  finished: true,
  config: right(
    TransferConfig.decode({
      version: 1,
      model: 'resnet20',
      weights: 'w.safetensors',
      data: 'cifar10?perClass=20',
      train: 'layer3,*.bn1',
      method: 'all',
    }),
  ),
  device: {
    engine: 'webgpu',
    adapter: 'llvmpipe',
    driver: 'Mesa',
    family: 'subgroup',
    precision: 'f32',
  },
  network: { name: 'resnet20', input: [32, 32, 3], parameters: 269_397, width: 64 },
  data: { train: 100, test: 400, classes: 5 },
  units: ['layer1.0', 'layer2.0', 'layer3.0'],
  before: { nc1: [9, 4, 2.2] },
  rows: [
    row('probe', [null, null], 0.5, 2.2),
    row('layer', [2, 'layer2.0'], 0.6, 1.4),
    row('scl', [2, 'layer2.0'], 0.7, 0.9),
    row('paths', [null, 'layer3,*.bn1'], 0.65, 1.1),
    row('full', [null, null], 0.8, 0.3),
  ],
  failed: [],
}

// A result of `collapse probe` for tests of what is made of it: five units and the classifier's input.
import { ProbeConfig } from '../../src/codec/probe-config.ts'
import type { ProbeResult, ProbeRow } from '../../src/codec/probe-result.ts'
import { right } from '../support/either.ts'
import { layers } from './layers-fixture.ts'

const accuracies = [0.31, 0.3, 0.42, 0.55, 0.71, 0.71]

const rowOf = (testAccuracy: number, i: number): ProbeRow => {
  const report = layers[i]
  if (report === undefined) throw new Error('no layer')
  const { layer, unit, ...metrics } = report
  return {
    ...{ layer, unit, width: metrics.d, testAccuracy, trainAccuracy: 0.9, metrics },
    bestAccuracy: testAccuracy + 0.01,
    nc1: metrics.nc1,
    headParameters: 10 * (metrics.d + 1),
    epochs: [
      {
        ...{ epoch: 1, lr: 0.01, loss: 1.25, trainAccuracy: 0.9, testAccuracy },
        ...{ seconds: 0.5, imagesPerSecond: 4000 },
      },
    ],
  }
}

/** The result. */
export const probeResult: ProbeResult = {
  version: 1,
  finished: true,
  config: right(
    ProbeConfig.decode({
      ...{ version: 1, model: 'resnet20', weights: 'w.pth', data: 'cifar10?perClass=200' },
      ...{ epochs: 1, testPerClass: 100 },
    }),
  ),
  device: { engine: 'cpu', adapter: 'host', driver: '', family: 'reference', precision: 'f32' },
  network: { name: 'resnet20', input: [32, 32, 3], parameters: 272474, width: 64 },
  data: { train: 2000, test: 1000, classes: 10 },
  rows: accuracies.map(rowOf),
  agreement: { spearman: -0.9, kendall: -0.8, pearson: -0.85 },
  seconds: 0.5,
  imagesPerSecond: 4000,
  plannedBytes: 3 * 2 ** 20,
  failed: [],
}

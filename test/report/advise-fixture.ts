// An advice with three units, made up: the deepest is most collapsed, the middle one alike, the first far off.
import type { Advice, LayerAdvice, NetworkAdvice } from '../../src/codec/advice.ts'

const around = (value: number, by: number) => ({ value, low: value / by, high: value * by })

const layer = (unit: number | null, nc1: number, probe: number): LayerAdvice => ({
  layer: unit === null ? 'penultimate' : `layer${unit}`,
  unit,
  d: 64,
  nc1: around(nc1, 1.2),
  nullNc1: 3,
  shuffledNc1: 12,
  nearestMean: probe - 0.1,
  probe: { value: probe, low: probe - 0.05, high: probe + 0.05 },
  probeTrain: 1,
  logme: -0.1 / probe,
  hScore: 9 / nc1,
  cost: {
    parameters: unit === null ? 650 : 5000 * unit,
    percent: unit === null ? 0.1 : 5 * unit,
    bytes: 2 ** 20 * (40 - 10 * (unit ?? 4)),
    stepFlops: 1e9 * (4 - (unit ?? 3.9)),
    secondsPerEpoch: 4 - (unit ?? 3.9),
    cached: unit !== 1,
  },
  reached: null,
})

/** A network whose third unit is to be tuned first. */
export const network: NetworkAdvice = {
  model: 'resnet20',
  weights: '20.pth',
  input: [32, 32, 3],
  parameters: 269722,
  width: 64,
  leep: -0.5,
  layers: [layer(1, 9, 0.5), layer(2, 2.2, 0.75), layer(3, 2, 0.7), layer(null, 2, 0.7)],
  order: [3, 2, 1],
  tied: [3, 2],
  over: [],
  favourites: { nc1: 3, nearestMean: 2, probe: 2, logme: 2, hScore: 3 },
  agreement: { nearestMean: 0.5, probe: 0.5, logme: 0.5, hScore: 1 },
  foretold: null,
  said: ['Tune layer3 first.', 'And <b>then</b> think.'],
}

/** The same tuned: the second unit was the best. */
export const tuned: NetworkAdvice = {
  ...network,
  layers: network.layers.map((one, i) => ({
    ...one,
    reached: { testAccuracy: [0.6, 0.84, 0.8, 0.7][i] ?? 0, penultimateNc1: 1, seconds: 3 },
  })),
  foretold: { nc1: 0.5, nearestMean: 1, probe: 1, logme: 1, hScore: 0.5 },
}

/** How it was tuned. */
export const verify: NonNullable<Advice['verify']> = {
  epochs: 5,
  lr: 0.01,
  train: 500,
  test: 1000,
  batchNorm: 'frozen',
}

/** Everything of a call. */
export const advice: Advice = {
  version: 1,
  data: { name: 'cifar10', path: null, classes: null, perClass: 50, seed: null, split: null },
  seed: 0,
  budget: null,
  images: { used: 500, of: 500, classes: 10, perClass: 50 },
  batch: 64,
  device: {
    engine: 'webgpu',
    adapter: 'some adapter',
    driver: '1',
    family: 'texture',
    precision: 'f32',
  },
  flopsPerSecond: [1e9],
  verify: null,
  networks: [network],
  across: null,
}

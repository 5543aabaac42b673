// Twenty epochs of linear probe and of Layer FT on 2,000 images, frozen outputs cached, against PyTorch recomputing them.
import * as O from 'fp-ts/Option'
import type { Engine } from '../src/device/engine.ts'
import { crossEntropy } from '../src/losses/losses.ts'
import { type Model, unitsOf } from '../src/models/model.ts'
import { entries } from '../src/models/registry.ts'
import { cosine } from '../src/optim/schedule.ts'
import { networkOf, putContents, startingContents } from '../src/train/network.ts'
import { always } from '../src/train/run.ts'
import { targetOf } from '../src/transfer/target.ts'
import { transfer } from '../src/transfer/transfer.ts'
import type { Way } from '../src/transfer/ways.ts'
import { type BenchOptions, done, ratio, withEngine } from './harness.ts'
import { runPython } from './peer-runs.ts'
import { type BenchResult, deviceFigures, type Figures, today, versionFigures } from './result.ts'
import { randomImages } from './trial.ts'

const NAME = 'resnet18-cifar'
const IMAGES = 2000
const EPOCHS = 20
const BATCH = 64

const recipe = {
  epochs: EPOCHS,
  batch: BATCH,
  testBatch: 100,
  schedule: cosine(0.01, 0, EPOCHS),
  hyper: { momentum: 0.9, weightDecay: 1e-4 },
  seed: 1,
  loss: crossEntropy,
  evaluateEvery: EPOCHS,
}

/** A way with the method's name for PyTorch's script and the block that it tunes there. */
interface Work {
  readonly method: 'probe' | 'layer'
  readonly unit: number
  readonly way: Way
}

const worksOf = (model: Model): ReadonlyArray<Work> => {
  const seventh = unitsOf(model)[6]
  return [
    { method: 'probe', unit: 0, way: { _tag: 'Probe' } },
    ...(seventh === undefined
      ? []
      : [
          {
            method: 'layer',
            unit: seventh.number,
            way: { _tag: 'Layer', block: seventh.index },
          } as const,
        ]),
  ]
}

const benchWork = async (
  engine: Engine,
  model: Model,
  { method, unit, way }: Work,
  peers: boolean,
): Promise<{ readonly row: Figures; readonly version: unknown }> => {
  const network = await done(async () => networkOf(model, 'source'))
  await done(putContents(engine, network, startingContents(network, 1)))
  const train = { ...randomImages(model, IMAGES), name: 'train' }
  const test = { ...randomImages(model, BATCH), name: 'test' }
  const began = performance.now()
  const target = await done(targetOf(engine, network, { train, test }, 100))
  const cached = performance.now()
  const outcome = await done(transfer(engine, network, target, recipe)(way, always))
  const ms = performance.now() - began
  if (O.isNone(outcome)) throw new Error('stopped')
  const peer = peers ? await runPython('transfer.py', method, unit, IMAGES, BATCH, 1) : null
  const epoch = typeof peer?.ms === 'number' ? peer.ms : null
  const torch = epoch === null ? null : EPOCHS * epoch
  return {
    version: peer?.version,
    row: {
      work: `${NAME}, ${IMAGES} images, ${EPOCHS} epochs, ${method}${unit > 0 ? ` ${unit}` : ''}`,
      ms,
      'ms of the cache': cached - began,
      'ms of an epoch': (1e3 * outcome.value.seconds) / EPOCHS,
      'planned bytes': outcome.value.plannedBytes,
      'PyTorch ms of an epoch': epoch,
      'PyTorch ms, 20 times that': torch,
      ratio: ratio(torch, ms),
    },
  }
}

/** One run of each way from the first upload to the last score; `ratio` is PyTorch's time over ours. */
export const benchTransfer = ({ peers, opening }: BenchOptions): Promise<BenchResult> =>
  withEngine(async engine => {
    const entry = entries[NAME]
    if (entry === undefined) throw new Error(`no network ${NAME}`)
    const model = entry.make(entry)
    const rows: Array<Figures> = []
    let version: Figures[string] = null
    for (const work of worksOf(model)) {
      const measured = await benchWork(engine, model, work, peers)
      rows.push(measured.row)
      version = typeof measured.version === 'string' ? measured.version : version
    }
    return {
      bench: 'transfer',
      date: today(),
      device: deviceFigures(engine.info),
      versions: versionFigures(peers ? { PyTorch: version } : {}),
      rows,
    }
  }, opening)

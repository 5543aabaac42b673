// The training step of the paper's MLP (9 linear layers of width 784, batch 128) against PyTorch's, and its host time.
import * as E from 'fp-ts/Either'
import { moves } from '../kernels/moves.ts'
import { showFault } from '../src/core/fault.ts'
import { uniforms } from '../src/core/random.ts'
import type { Engine, Executable } from '../src/device/engine.ts'
import { openEngine } from '../src/device/open.ts'
import { crossEntropy } from '../src/losses/losses.ts'
import { mlp } from '../src/models/mlp.ts'
import { HYPER, hyperOf, sgd } from '../src/optim/optimizer.ts'
import { totalBytes } from '../src/plan/plan.ts'
import { networkOf, putContents, startingContents } from '../src/train/network.ts'
import { METER, type Training, trainingProgram } from '../src/train/programs.ts'
import {
  batchInputs,
  epochOrder,
  putBatch,
  putSamples,
  type Samples,
} from '../src/train/samples.ts'
import { putSlots } from '../src/train/snapshot.ts'
import { runPython } from './python.ts'
import {
  type BenchResult,
  deviceFigures,
  type Figures,
  median,
  today,
  versionFigures,
} from './result.ts'

/** Sizes of the measurement. */
export interface MlpBench {
  readonly peers: boolean
  readonly depth?: number
  readonly width?: number
  readonly batch?: number
  readonly steps?: number
}

const ROUNDS = 3

const done = async <A>(
  effect: () => Promise<E.Either<Parameters<typeof showFault>[0], A>>,
): Promise<A> => {
  const result = await effect()
  if (E.isLeft(result)) throw new Error(showFault(result.left))
  return result.right
}

const randomDigits = (count: number): Samples => {
  const next = uniforms(1, 'bench')
  return {
    name: 'bench',
    count,
    labels: Uint32Array.from({ length: count }, () => Math.floor(10 * next())),
    contents: {
      _tag: 'Images',
      format: { features: 784, mean: [0.1307], std: [0.3081] },
      words: Uint32Array.from({ length: count * 196 }, () => Math.floor(2 ** 32 * next())),
    },
  }
}

interface Trial {
  readonly executable: Executable
  readonly order: Uint32Array
  readonly batch: number
}

const prepare = async (
  engine: Engine,
  { depth, width, batch }: Required<MlpBench>,
): Promise<Trial> => {
  const network = await done(async () =>
    networkOf(mlp({ inputs: 784, depth, width, classes: 10 }), 'bench'),
  )
  const samples = randomDigits(6000)
  const training: Training = {
    network,
    samples,
    batch,
    loss: crossEntropy,
    from: 0,
    trains: () => true,
    optimizer: sgd,
  }
  await done(putContents(engine, network, startingContents(network, 1)))
  await done(putSamples(engine, samples))
  await done(putBatch(engine, batch))
  await done(putSlots(engine, training))
  await done(engine.put(METER.name, METER.aval))
  await done(
    engine.put(HYPER.name, HYPER.aval, hyperOf({ lr: 0.01, momentum: 0.9, weightDecay: 1e-4 })),
  )
  const program = await done(async () => trainingProgram(training))
  return { executable: await done(engine.load(program)), order: epochOrder(6000, 1, 0), batch }
}

/** Milliseconds a step with the device's work, and on the host alone (encode and submit, the queue left running). */
const timeSteps = async ({ executable, order, batch }: Trial, steps: number) => {
  const all = Math.floor(order.length / batch)
  const host: Array<number> = []
  await done(executable.outputs)
  const began = performance.now()
  for (let i = 0; i < steps; i++) {
    const inputs = batchInputs(order, batch, i % all)
    const before = performance.now()
    const running = executable.run(inputs)()
    host.push(performance.now() - before)
    await running
  }
  await done(executable.outputs)
  return { step: (performance.now() - began) / steps, host: median(host) }
}

const ratio = (peer: number | null, ours: number): number | null =>
  peer === null ? null : peer / ours

/** Medians over alternating rounds of ours and PyTorch's; `ratio` is PyTorch's time over ours. */
export const benchMlp = async (options: MlpBench): Promise<BenchResult> => {
  const sizes = { depth: 9, width: 784, batch: 128, steps: 40, ...options }
  const engine = await done(openEngine('webgpu', moves, { checked: false }))
  try {
    const trial = await prepare(engine, sizes)
    await timeSteps(trial, 5)
    const ours: Array<{ readonly step: number; readonly host: number }> = []
    const peers: Array<Readonly<Record<string, unknown>>> = []
    for (let round = 0; round < ROUNDS; round++) {
      ours.push(await timeSteps(trial, sizes.steps))
      const { depth, width, batch, steps } = sizes
      const peer = options.peers ? await runPython('mlp.py', depth, width, batch, steps) : null
      if (peer !== null) peers.push(peer)
    }
    const step = median(ours.map(o => o.step))
    const torch = peers.length === 0 ? null : median(peers.map(p => Number(p.ms)))
    const row: Figures = {
      work: `MLP ${sizes.depth} x ${sizes.width}, batch ${sizes.batch}, training step`,
      ms: step,
      'host ms': median(ours.map(o => o.host)),
      'PyTorch ms': torch,
      ratio: ratio(torch, step),
      'planned bytes': totalBytes(trial.executable.bytes),
    }
    trial.executable.release()
    return {
      bench: 'mlp',
      date: today(),
      device: deviceFigures(engine.info),
      versions: versionFigures(
        torch === null
          ? {}
          : { PyTorch: String(peers[0]?.version), threads: Number(peers[0]?.threads) },
      ),
      rows: [row],
    }
  } finally {
    engine.close()
  }
}

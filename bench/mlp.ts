// The training step of the paper's MLP (9 linear layers of width 784, batch 128) against PyTorch's, and its host time.
import { mlp } from '../src/models/mlp.ts'
import { totalBytes } from '../src/plan/plan.ts'
import { type BenchOptions, ratio, ROUNDS, withEngine } from './harness.ts'
import { runPython } from './peer-runs.ts'
import { type BenchResult, deviceFigures, median, today, versionFigures } from './result.ts'
import { timeSteps, trainingTrial } from './trial.ts'

/** Sizes of the measurement. */
export interface MlpBench extends BenchOptions {
  readonly depth?: number
  readonly width?: number
  readonly batch?: number
  readonly steps?: number
}

/** Medians over alternating rounds of ours and PyTorch's; `ratio` is PyTorch's time over ours. */
export const benchMlp = (options: MlpBench): Promise<BenchResult> =>
  withEngine(async engine => {
    const { depth, width, batch, steps } = {
      ...{ depth: 9, width: 784, batch: 128, steps: 40 },
      ...options,
    }
    const model = mlp({ inputs: 784, depth, width, classes: 10 })
    const trial = await trainingTrial(engine, model, { batch, count: 6000 })
    await timeSteps(trial, 5)
    const ours: Array<{ readonly step: number; readonly host: number }> = []
    const peers: Array<Readonly<Record<string, unknown>>> = []
    for (let round = 0; round < ROUNDS; round++) {
      ours.push(await timeSteps(trial, steps))
      const peer = options.peers ? await runPython('mlp.py', depth, width, batch, steps) : null
      if (peer !== null) peers.push(peer)
    }
    const [peer] = peers
    const ms = median(ours.map(o => o.step))
    const torch = peer === undefined ? null : median(peers.map(p => Number(p.ms)))
    const row = {
      work: `MLP ${depth} x ${width}, batch ${batch}, training step`,
      ms,
      'host ms': median(ours.map(o => o.host)),
      'PyTorch ms': torch,
      ratio: ratio(torch, ms),
      'planned bytes': totalBytes(trial.executable.bytes),
    }
    trial.executable.release()
    return {
      bench: 'mlp',
      date: today(),
      device: deviceFigures(engine.info),
      versions: versionFigures(
        peer === undefined ? {} : { PyTorch: String(peer.version), threads: Number(peer.threads) },
      ),
      rows: [row],
    }
  }, options.opening)

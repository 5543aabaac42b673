// Training steps and forward passes of whole networks against PyTorch's: what users wait for.
import type { Engine } from '../src/device/engine.ts'
import { entries } from '../src/models/registry.ts'
import type { Model } from '../src/models/model.ts'
import { totalBytes } from '../src/plan/plan.ts'
import type { PlanBytes } from '../src/plan/types.ts'
import type { Recompute } from '../src/train/recompute.ts'
import { type BenchOptions, ratio, ROUNDS, withEngine } from './harness.ts'
import { installPeers, PATIENCE, runPython, runScript, scriptPeers } from './peer-runs.ts'
import {
  type BenchResult,
  deviceFigures,
  type Figures,
  median,
  today,
  versionFigures,
} from './result.ts'
import { inferenceTrial, timeRuns, timeSteps, trainingTrial } from './trial.ts'

/** A network on a batch, timed over so many runs. */
interface Work {
  readonly model: string
  readonly batch: number
  readonly runs: number
  /** Of training: what the backward pass computes again; nothing where left out. */
  readonly recompute?: Recompute
}

/** Something on the device that can be timed; `time` gives milliseconds a run. */
interface Timed {
  readonly bytes: PlanBytes
  readonly time: (runs: number) => Promise<number>
  readonly release: () => void
}

/** A kind of run: PyTorch's script for it, and what is run on software Vulkan and on real GPUs. */
interface Kind {
  readonly bench: string
  readonly what: string
  readonly script: string
  /** The JavaScript peers' script, for what they can run at all. */
  readonly scripts?: string
  readonly software: ReadonlyArray<Work>
  readonly gpu: ReadonlyArray<Work>
  readonly prepare: (engine: Engine, model: Model, work: Work) => Promise<Timed>
}

const training: Kind = {
  bench: 'train',
  what: 'training step',
  script: 'train.py',
  software: [
    { model: 'resnet18-cifar', batch: 32, runs: 4 },
    { model: 'resnet18-cifar', batch: 32, runs: 4, recompute: 'cheap' },
    { model: 'resnet18-cifar', batch: 32, runs: 4, recompute: 'blocks' },
  ],
  gpu: [
    { model: 'resnet18-cifar', batch: 512, runs: 20 },
    { model: 'resnet50', batch: 64, runs: 20 },
    { model: 'resnet50', batch: 64, runs: 20, recompute: 'blocks' },
    { model: 'vit_b_32', batch: 128, runs: 20 },
  ],
  prepare: async (engine, model, { batch, recompute }) => {
    const trial = await trainingTrial(engine, model, { batch, count: 8 * batch, recompute })
    const { bytes, release } = trial.executable
    return { bytes, release, time: async runs => (await timeSteps(trial, runs)).step }
  },
}

const inference: Kind = {
  bench: 'infer',
  what: 'forward pass',
  script: 'infer.py',
  scripts: 'infer.mjs',
  software: [
    { model: 'resnet18', batch: 8, runs: 4 },
    { model: 'vit_b_32', batch: 8, runs: 4 },
  ],
  gpu: [
    { model: 'resnet18', batch: 256, runs: 20 },
    { model: 'resnet50', batch: 128, runs: 20 },
    { model: 'vit_b_32', batch: 256, runs: 20 },
  ],
  prepare: async (engine, model, { batch }) => {
    const executable = await inferenceTrial(engine, model, batch)
    const { bytes, release } = executable
    return { bytes, release, time: runs => timeRuns(executable, runs) }
  },
}

/** PyTorch's modes: a GPU has strict f32, its default (TF32 convolutions) and mixed precision in channels_last. */
const modesOf = (software: boolean): ReadonlyArray<string> =>
  software ? ['cpu'] : ['f32', 'default', 'amp']

type Peer = Readonly<Record<string, unknown>>

const timeOf = (peers: ReadonlyArray<Peer>): number | null => {
  const times = peers.flatMap(({ ms }) => (typeof ms === 'number' ? [ms] : []))
  return times.length === 0 ? null : median(times)
}

const rowOf = (
  kind: Kind,
  { model, batch, recompute }: Work,
  bytes: PlanBytes,
  ms: number,
  peers: ReadonlyMap<string, ReadonlyArray<Peer>>,
): Figures => {
  const compared = [...peers].map(([mode, runs]) => [mode, timeOf(runs)] as const)
  return {
    work: `${model}, batch ${batch}, ${kind.what}${recompute === undefined ? '' : `, recomputing ${recompute}`}`,
    ms,
    'images/s': (1e3 * batch) / ms,
    'planned bytes': totalBytes(bytes),
    'arenas / live': bytes.arenas / bytes.live,
    ...Object.fromEntries(
      compared.flatMap(([mode, torch]) => [
        [`PyTorch ms, ${mode}`, torch],
        [`ratio, ${mode}`, ratio(torch, ms)],
      ]),
    ),
  }
}

/** The JavaScript peers' times of one run each, and how many times ours they are. */
const scriptFigures = async (kind: Kind, work: Work, ms: number): Promise<Figures> => {
  if (kind.scripts === undefined || !(await installPeers())) return {}
  const figures: Record<string, number | null> = {}
  for (const peer of scriptPeers) {
    const run = await runScript(kind.scripts, PATIENCE, peer, work.model, work.batch, 1)
    const time = typeof run?.ms === 'number' ? run.ms : null
    figures[`${peer} ms`] = time
    figures[`ours / ${peer}`] = ratio(time, ms)
  }
  return figures
}

const benchWork = async (
  engine: Engine,
  kind: Kind,
  work: Work,
  modes: ReadonlyArray<string>,
): Promise<{ readonly row: Figures; readonly version: unknown }> => {
  const { software } = engine.info
  const entry = entries[work.model]
  if (entry === undefined) throw new Error(`no network ${work.model}`)
  const timed = await kind.prepare(engine, entry.make(entry), work)
  await timed.time(2)
  const ours: Array<number> = []
  const peers = new Map(modes.map((mode): [string, Array<Peer>] => [mode, []]))
  for (let round = 0; round < ROUNDS; round++) {
    ours.push(await timed.time(work.runs))
    for (const [mode, runs] of peers) {
      const peer = await runPython(kind.script, work.model, work.batch, work.runs, mode)
      if (peer !== null) runs.push(peer)
    }
  }
  timed.release()
  const ms = median(ours)
  const scripts = software && modes.length > 0 ? await scriptFigures(kind, work, ms) : {}
  return {
    row: { ...rowOf(kind, work, timed.bytes, ms, peers), ...scripts },
    version: [...peers.values()].flat()[0]?.version,
  }
}

const benchKind =
  (kind: Kind) =>
  ({ peers, opening }: BenchOptions): Promise<BenchResult> =>
    withEngine(async engine => {
      const { software } = engine.info
      const modes = peers ? modesOf(software) : []
      const rows: Array<Figures> = []
      let version: Figures[string] = null
      for (const work of software ? kind.software : kind.gpu) {
        const measured = await benchWork(engine, kind, work, modes)
        rows.push(measured.row)
        version = typeof measured.version === 'string' ? measured.version : version
      }
      return {
        bench: kind.bench,
        date: today(),
        device: deviceFigures(engine.info),
        versions: versionFigures(peers ? { PyTorch: version } : {}),
        rows,
      }
    }, opening)

/** Training steps: medians over alternating rounds; `ratio` is PyTorch's time over ours. */
export const benchTrain = benchKind(training)

/** Forward passes in evaluation mode, the images on the device: medians and ratios as in `benchTrain`. */
export const benchInfer = benchKind(inference)

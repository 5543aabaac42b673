// One square f32 product against tfjs, jax-js and PyTorch on the same machine, in alternating rounds.
import * as E from 'fp-ts/Either'
import { matmul } from '../kernels/matmul.ts'
import { f32 } from '../src/core/aval.ts'
import { apply } from '../src/core/op.ts'
import { trace } from '../src/core/trace.ts'
import { arg, showShapeErrors } from '../src/core/value.ts'
import type { Engine, Executable } from '../src/device/engine.ts'
import { type BenchOptions, done, ROUNDS, withEngine } from './harness.ts'
import { installPeers, runPython, runScript, scriptPeers } from './peer-runs.ts'
import {
  type BenchResult,
  deviceFigures,
  type Figures,
  median,
  today,
  versionFigures,
} from './result.ts'

/** Size of the measurement: `size`^3, 1024 unless told. */
export interface GemmBench extends BenchOptions {
  readonly size?: number
}

/** Times in ms, 64 elements of the product, and the version of what made them. */
interface Run {
  readonly times: ReadonlyArray<number>
  readonly samples: ReadonlyArray<number>
  readonly version: string
}

const repetitions = 8

/** Element i is a hash of i and the seed, in [-0.5, 0.5); the peers' scripts make the same. */
const matrix = (size: number, seed: number): Float32Array =>
  Float32Array.from(
    { length: size * size },
    (_, i) => (Math.imul(i + seed, 2654435761) >>> 0) / 2 ** 32 - 0.5,
  )

const sampleAt = (size: number, t: number): readonly [number, number] => [
  (t * 7919) % size,
  (t * 104729) % size,
]

const expected = (size: number): ReadonlyArray<number> => {
  const [a, b] = [matrix(size, 1), matrix(size, 2)]
  return Array.from({ length: 64 }, (_, t) => {
    const [row, column] = sampleAt(size, t)
    let sum = 0
    for (let k = 0; k < size; k++) sum += (a[row * size + k] ?? 0) * (b[k * size + column] ?? 0)
    return sum
  })
}

const prepare = async (engine: Engine, size: number): Promise<Executable> => {
  const aval = f32(size, size)
  await done(engine.put('a', aval, matrix(size, 1)))
  await done(engine.put('b', aval, matrix(size, 2)))
  const c = apply(matmul, { form: 'NN' })(arg('a', aval), arg('b', aval))
  const program = trace({ outputs: { c } })
  if (E.isLeft(program)) throw new Error(showShapeErrors(program.left))
  return done(engine.load(program.right))
}

/** Time of one product, of several in a row with one readback at the end. */
const ours = async (executable: Executable, size: number): Promise<Run> => {
  const start = performance.now()
  for (let i = 0; i < repetitions; i++) await done(executable.run({}))
  const { c = new Float32Array(0) } = await done(executable.outputs)
  const times = [(performance.now() - start) / repetitions]
  const samples = Array.from({ length: 64 }, (_, t) => {
    const [row, column] = sampleAt(size, t)
    return c[row * size + column] ?? Number.NaN
  })
  return { times, samples, version: '' }
}

const numbers = (value: unknown): ReadonlyArray<number> =>
  Array.isArray(value) ? value.map(Number) : []

const runOf = (line: Readonly<Record<string, unknown>> | null): Run | null =>
  line === null
    ? null
    : {
        times: numbers(line.times),
        samples: numbers(line.samples),
        version: String(line.version),
      }

const peerRuns = async (size: number, scripts: boolean): Promise<ReadonlyMap<string, Run>> => {
  const runs = new Map<string, Run>()
  const torch = runOf(await runPython('gemm.py', size, repetitions))
  if (torch !== null) runs.set('PyTorch', torch)
  if (!scripts) return runs
  for (const peer of scriptPeers) {
    const run = runOf(await runScript('gemm.mjs', 300, peer, size, repetitions))
    if (run !== null) runs.set(peer, run)
  }
  return runs
}

const rowOf = (
  work: string,
  size: number,
  runs: ReadonlyArray<Run>,
  reference: ReadonlyArray<number>,
): Figures & { readonly ms: number } => {
  const ms = median(runs.flatMap(r => r.times))
  const errors = runs.flatMap(r =>
    reference.map((x, t) => Math.abs((r.samples[t] ?? Number.NaN) - x)),
  )
  return { work, ms, gflops: (2 * size ** 3) / ms / 1e6, 'largest error': Math.max(...errors) }
}

/** Medians over alternating rounds; `ours / peer` is the peer's time over ours. */
export const benchGemm = ({ peers, opening, size = 1024 }: GemmBench): Promise<BenchResult> =>
  withEngine(async engine => {
    const executable = await prepare(engine, size)
    await ours(executable, size)
    const mine: Array<Run> = []
    const others: Array<ReadonlyMap<string, Run>> = []
    const scripts = peers && (await installPeers())
    for (let round = 0; round < ROUNDS; round++) {
      for (let i = 0; i < repetitions; i++) mine.push(await ours(executable, size))
      if (peers) others.push(await peerRuns(size, scripts))
    }
    executable.release()
    const reference = expected(size)
    const own = rowOf(`product ${size} x ${size} x ${size}`, size, mine, reference)
    const names = [...new Set(others.flatMap(o => [...o.keys()]))]
    const runsOf = (name: string) => others.flatMap(o => o.get(name) ?? [])
    const rows = names.map((name): Figures => {
      const row = rowOf(name, size, runsOf(name), reference)
      return { ...row, 'ours / peer': row.ms / own.ms }
    })
    const versions = names.map(name => [name, runsOf(name)[0]?.version ?? null] as const)
    return {
      bench: 'gemm',
      date: today(),
      device: deviceFigures(engine.info),
      versions: versionFigures(Object.fromEntries(versions)),
      rows: [own, ...rows],
    }
  }, opening)

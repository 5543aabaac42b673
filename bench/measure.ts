// `collapse measure` of a large file against NumPy with scipy.linalg.pinv: the same metrics, the same file.
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { availableParallelism, cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import * as E from 'fp-ts/Either'
import { encodeNpy } from '../src/codec/npy.ts'
import { bytesOf, int64Array } from '../src/codec/number-array.ts'
import type { MeasureReport, MetricName } from '../src/collapse/measure.ts'
import { showFault } from '../src/core/fault.ts'
import { uniforms } from '../src/core/random.ts'
import { measureFile } from '../src/data/measure-file.ts'
import { runPython } from './peer-runs.ts'
import { type BenchResult, type Figures, median, today, versionFigures } from './result.ts'

/** Sizes of the measurement; 50,000 features of width 2048 in 10 classes unless told. */
export interface MeasureBench {
  readonly peers: boolean
  readonly n?: number
  readonly d?: number
  readonly k?: number
}

type Size = Required<Omit<MeasureBench, 'peers'>>

const ROUNDS = 5
const PEER_ROUNDS = 3

const unwrap = <A>(either: E.Either<Parameters<typeof showFault>[0], A>): A => {
  if (E.isLeft(either)) throw new Error(showFault(either.left))
  return either.right
}

const npyHead = ({ n, d }: Size): Uint8Array => {
  const empty = unwrap(encodeNpy({ dtype: 'F32', shape: [n, d], bytes: new Uint8Array(0) }))
  return empty
}

/** Float32 features, `separation` times a random mean of the class plus noise of unit variance. */
const writeFeatures = (path: string, size: Size, separation: number): void => {
  const { n, d, k } = size
  const next = uniforms(1, 'bench measure')
  const draw = () => Math.sqrt(12) * (next() - 0.5)
  const means = Float64Array.from({ length: k * d }, () => separation * draw())
  const fd = openSync(path, 'w')
  writeSync(fd, npyHead(size))
  const rows = new Float32Array(256 * d)
  for (let from = 0; from < n; from += 256) {
    const count = Math.min(256, n - from)
    for (let i = 0; i < count; i++) {
      const mean = ((from + i) % k) * d
      for (let j = 0; j < d; j++) rows[i * d + j] = (means[mean + j] ?? 0) + draw()
    }
    writeSync(fd, bytesOf(rows.subarray(0, count * d)))
  }
  closeSync(fd)
}

const writeLabels = (path: string, { n, k }: Size): void => {
  const labels = BigInt64Array.from({ length: n }, (_, i) => BigInt(i % k))
  writeFileSync(path, unwrap(encodeNpy(int64Array(labels, [n]))))
}

interface Timed {
  readonly ms: number
  readonly report: MeasureReport
}

const timed = async (
  features: string,
  labels: string,
  only?: ReadonlyArray<MetricName>,
): Promise<Timed> => {
  const files = { features, labels, ...(only === undefined ? {} : { only }) }
  const times: Array<number> = []
  let report = unwrap(await measureFile(files)())
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now()
    report = unwrap(await measureFile(files)())
    times.push(performance.now() - start)
  }
  return { ms: median(times), report }
}

const main = join(import.meta.dir, '..', 'cli', 'main.ts')

/** The whole command as a person runs it, start of the process included. */
const commandMs = async (features: string, labels: string): Promise<number> => {
  const times: Array<number> = []
  for (let round = 0; round < PEER_ROUNDS; round++) {
    const start = performance.now()
    const argv = [process.execPath, main, 'measure', '--features', features, '--labels', labels]
    await Bun.spawn([...argv, '--json', '--quiet'], { stdout: 'ignore' }).exited
    times.push(performance.now() - start)
  }
  return median(times)
}

type Peer = Readonly<Record<string, unknown>> | null

const figure = (peer: Peer, key: string): number | null => {
  const value = peer?.[key]
  return typeof value === 'number' ? value : null
}

const row = (what: string, size: Size, { ms }: Timed, peerMs: number | null): Figures => ({
  what,
  ...size,
  ms,
  'numpy ms': peerMs,
  'times faster': peerMs === null ? null : peerMs / ms,
})

// The largest relative difference to the peer's values; its Sigma_W is a float32 product.
const difference = (report: MeasureReport, peer: Peer): number | null => {
  const names = ['nc1', 'cdnv', 'numericalRank', 'etfDistance', 'equinorm', 'traceW'] as const
  const gaps = names.map(name => {
    const [ours, theirs] = [report[name], figure(peer, name)]
    return ours === null || theirs === null ? Number.NaN : Math.abs(ours / theirs - 1)
  })
  return peer === null ? null : Math.max(...gaps)
}

const textOf = (peer: Peer, key: string): string | null => {
  const value = peer?.[key]
  return typeof value === 'string' ? value : null
}

const measureAll = async (folder: string, size: Size, peers: boolean): Promise<BenchResult> => {
  const file = (name: string) => join(folder, name)
  const [features, noise, labels] = [file('features.npy'), file('noise.npy'), file('labels.npy')]
  writeFeatures(features, size, 1)
  writeLabels(labels, size)
  const alone = await timed(features, labels, ['nc1'])
  const all = await timed(features, labels)
  const command = await commandMs(features, labels)
  const peer = peers
    ? await runPython('measure.py', features, labels, PEER_ROUNDS, PEER_ROUNDS)
    : null
  rmSync(features)
  writeFeatures(noise, size, 0)
  const hard = await timed(noise, labels)
  return {
    bench: 'measure',
    date: today(),
    device: { cpu: cpus()[0]?.model ?? null, threads: availableParallelism() },
    versions: versionFigures({ numpy: textOf(peer, 'numpy'), scipy: textOf(peer, 'scipy') }),
    rows: [
      {
        ...row('all metrics', size, all, figure(peer, 'all_ms')),
        'largest relative difference': difference(all.report, peer),
        'whole command ms': command,
      },
      row('nc1 alone', size, alone, figure(peer, 'nc1_ms')),
      row('all metrics of pure noise (most Lanczos steps)', size, hard, figure(peer, 'all_ms')),
    ],
  }
}

/** Medians of `measureFile` from a file in the page cache, and of the peer on the same file. */
export const benchMeasure = async ({
  peers,
  n = 50_000,
  d = 2048,
  k = 10,
}: MeasureBench): Promise<BenchResult> => {
  const folder = mkdtempSync(join(tmpdir(), 'collapse-bench-'))
  try {
    return await measureAll(folder, { n, d, k }, peers)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

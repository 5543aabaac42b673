// How time grows: measuring with N, d and K, training with batch and depth, beside a model: operations, bytes, and steps of the plan.
import * as E from 'fp-ts/Either'
import { type MeasureReport, measureProgram } from '../src/collapse/measure.ts'
import type { MetricError } from '../src/collapse/metric-error.ts'
import { foldingOf } from '../src/collapse/passes.ts'
import { normals } from '../src/core/random.ts'
import { entries } from '../src/models/registry.ts'
import { type BenchOptions, ROUNDS, withEngine } from './harness.ts'
import {
  type BenchResult,
  deviceFigures,
  type Figures,
  median,
  today,
  versionFigures,
} from './result.ts'
import { timeSteps, trainingTrial } from './trial.ts'

/** One point of a sweep: what was varied, the time, what had to be computed, and what else takes time. */
interface Point {
  readonly sweep: string
  readonly x: number
  readonly ms: number
  readonly operations: number
  /** Bytes of the rows read, or steps of the plan. */
  readonly other: number
}

interface Sizes {
  readonly n: number
  readonly d: number
  readonly k: number
}

const rowsOf = ({ n, d, k }: Sizes) => {
  const next = normals(1, 'growth')
  const means = Float32Array.from({ length: k * d }, () => next())
  const ids = Int32Array.from({ length: n }, (_, i) => i % k)
  const data = new Float32Array(n * d)
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < d; j++) data[i * d + j] = (means[(i % k) * d + j] ?? 0) + 2 * next()
  }
  return { data, ids }
}

/**
 * Operations a row and column of each pass: an addition for the sums; centring, two squares and r projections for the
 * residuals; two products with a vector for a Lanczos step.
 */
const perCell = { Sums: 1, Finite: 1, Residuals: 5, Products: 4, Grams: 0 } as const

/** All metrics in memory on one thread, with the passes that they asked for. */
const measured = (sizes: Sizes, rows: ReturnType<typeof rowsOf>) => {
  const { n, d, k } = sizes
  let [operations, bytes] = [0, 0]
  let program: ReturnType<typeof measureProgram> = measureProgram()
  const began = performance.now()
  while (program._tag === 'Ask') {
    const { pass } = program
    const folding = foldingOf(pass, { classes: k, d })
    folding.add({ data: rows.data, ids: rows.ids, first: 0 })
    operations +=
      n * d * (perCell[pass._tag] + (pass._tag === 'Residuals' ? 2 * pass.frame.width : 0))
    operations += pass._tag === 'Grams' ? n * d * (d + 1) : 0
    bytes += 4 * n * d
    program = program.resume(folding.sum())
  }
  const ms = performance.now() - began
  const result: E.Either<MetricError, MeasureReport> = program.value
  if (E.isLeft(result)) throw new Error(result.left._tag)
  return { ms, operations, bytes }
}

const measureSweep = (sweep: string, x: number, sizes: Sizes): Point => {
  const rows = rowsOf(sizes)
  measured(sizes, rows)
  const runs = Array.from({ length: ROUNDS }, () => measured(sizes, rows))
  const { operations = 0, bytes = 0 } = runs[0] ?? {}
  return { sweep, x, ms: median(runs.map(run => run.ms)), operations, other: bytes }
}

const trainSweep = (
  { sweep, x }: Pick<Point, 'sweep' | 'x'>,
  name: string,
  batch: number,
  opening: BenchOptions['opening'],
): Promise<Point> =>
  withEngine(async engine => {
    const entry = entries[name]
    if (entry === undefined) throw new Error(`no network ${name}`)
    const trial = await trainingTrial(engine, entry.make(entry), { batch, count: 2 * batch })
    await timeSteps(trial, 2)
    const times: Array<number> = []
    for (let round = 0; round < ROUNDS; round++) times.push((await timeSteps(trial, 2)).step)
    const { calls = [], steps = [] } = trial.executable.plan ?? {}
    return {
      sweep,
      x,
      ms: median(times),
      operations: calls.reduce((sum, { flops }) => sum + flops, 0),
      other: steps.length,
    }
  }, opening)

/** Least squares of ms = a operations + b other over all points of a kind, of relative errors; neither is negative. */
const fit = (points: ReadonlyArray<Point>): readonly [a: number, b: number] => {
  let [aa, ab, bb, ay, by] = [0, 0, 0, 0, 0]
  for (const { ms, operations, other } of points) {
    const [a, b] = [operations / ms, other / ms]
    aa += a * a
    ab += a * b
    bb += b * b
    ay += a
    by += b
  }
  const determinant = aa * bb - ab * ab
  const both = [(ay * bb - by * ab) / determinant, (by * aa - ay * ab) / determinant] as const
  return both[0] > 0 && both[1] > 0 ? both : both[0] > 0 ? [ay / aa, 0] : [0, by / bb]
}

/** The points with the model's time beside each, and the model's two rates. */
const figuresOf = (
  points: ReadonlyArray<Point>,
  other: string,
  rate: (perOther: number) => Figures,
): ReadonlyArray<Figures> => {
  const [a, b] = fit(points)
  return points.map(({ sweep, x, ms, operations, other: amount }) => ({
    work: `${sweep} ${x}`,
    sweep,
    x,
    ms,
    'model ms': a * operations + b * amount,
    operations,
    [other]: amount,
    'model GFLOP/s': a > 0 ? 1e-6 / a : null,
    ...rate(b),
  }))
}

const bytesRate = (perByte: number): Figures => ({
  'model GB/s': perByte > 0 ? 1e-6 / perByte : null,
})

const stepRate = (perStep: number): Figures => ({ 'model us a step': 1e3 * perStep })

const usual = { n: 8000, d: 512, k: 10 }

/** Every sweep; the model's two rates are fitted once for measuring and once for training. */
export const benchGrowth = async ({ opening }: BenchOptions): Promise<BenchResult> => {
  const measuring = [
    ...[2000, 4000, 8000, 16_000, 32_000].map(n => measureSweep('N', n, { ...usual, n })),
    ...[64, 128, 256, 512, 1024, 2048].map(d => measureSweep('d', d, { ...usual, d })),
    ...[2, 5, 10, 20, 50, 100, 200].map(k => measureSweep('K', k, { ...usual, k })),
  ]
  const training: Array<Point> = []
  for (const batch of [8, 16, 32, 64, 128]) {
    training.push(await trainSweep({ sweep: 'batch', x: batch }, 'resnet20', batch, opening))
  }
  for (const depth of [20, 32, 44, 56]) {
    training.push(await trainSweep({ sweep: 'depth', x: depth }, `resnet${depth}`, 32, opening))
  }
  return {
    bench: 'growth',
    date: today(),
    device: await withEngine(async engine => deviceFigures(engine.info), opening),
    versions: versionFigures(),
    rows: [...figuresOf(measuring, 'bytes', bytesRate), ...figuresOf(training, 'steps', stepRate)],
  }
}

// Measures what the choice of kernels otherwise estimates: the fastest family on software Vulkan, the tiles of products.
import * as E from 'fp-ts/Either'
import { conv2d } from '../kernels/conv2d.ts'
import { type Form, matmul } from '../kernels/matmul.ts'
import { sizesOf } from '../kernels/matmul-form.ts'
import { productBy } from '../kernels/matmul-tiled.ts'
import {
  reachesFrom,
  type Tile,
  tileList,
  tileName,
  workgroupBytesOf,
} from '../kernels/product-tiled.ts'
import store from '../shaders/matmul-store.wgsl' with { type: 'text' }
import { type Aval, f32, sizeOf } from '../src/core/aval.ts'
import { type Family, output, type DeviceTuning } from '../src/core/dispatch.ts'
import { apply, defineOp, type Op } from '../src/core/op.ts'
import { uniforms } from '../src/core/random.ts'
import { trace } from '../src/core/trace.ts'
import { arg, showShapeErrors, type Value } from '../src/core/value.ts'
import type { Engine, EngineInfo, Executable } from '../src/device/engine.ts'
import { done, type Opening, ROUNDS, withEngine } from './harness.ts'
import {
  type BenchResult,
  deviceFigures,
  type Figures,
  median,
  today,
  versionFigures,
} from './result.ts'

/** Sizes of the measurement: of families a product of `size`^3 and a convolution, of tiles a product m x m x k. */
export interface TuneSizes {
  readonly size: number
  readonly images: number
  readonly m: number
  readonly k: number
  readonly runs: number
}

/** Tens of milliseconds a run. The product of tiles gives a card of some hundred SMs several rounds of the largest tile. */
const sizesFor = ({ software }: EngineInfo): TuneSizes =>
  software
    ? { size: 512, images: 4, m: 512, k: 256, runs: 3 }
    : { size: 2048, images: 256, m: 4096, k: 2048, runs: 30 }

interface Timed {
  readonly work: string
  readonly flops: number
  readonly ms: number
}

const contentsOf = (name: string, aval: Aval): Float32Array => {
  const next = uniforms(0, `tune ${name}`)
  return Float32Array.from({ length: sizeOf(aval) }, () => next() - 0.5)
}

const runsAndRead = async (executable: Executable, runs: number): Promise<number> => {
  const began = performance.now()
  for (let i = 0; i < runs; i++) await done(executable.run({}))
  await done(executable.outputs)
  return performance.now() - began
}

/** Milliseconds of a run, the median over rounds; the time of reading the result back is taken off. */
const timeOf = async (
  engine: Engine,
  args: Readonly<Record<string, Aval>>,
  result: (values: ReadonlyArray<Value>) => Value,
  runs: number,
): Promise<number> => {
  for (const [name, aval] of Object.entries(args)) {
    await done(engine.put(name, aval, contentsOf(name, aval)))
  }
  const values = Object.entries(args).map(([name, aval]) => arg(name, aval))
  const program = trace({ outputs: { result: result(values) } })
  if (E.isLeft(program)) throw new Error(showShapeErrors(program.left))
  const executable = await done(engine.load(program.right))
  await runsAndRead(executable, 2)
  const times: Array<number> = []
  for (let round = 0; round < ROUNDS; round++) {
    const one = await runsAndRead(executable, 1)
    const more = await runsAndRead(executable, 1 + runs)
    times.push(Math.max(more - one, more / 1000) / runs)
  }
  executable.release()
  engine.drop(Object.keys(args))
  return median(times)
}

const timeFamily = async (
  engine: Engine,
  { size, images, runs }: TuneSizes,
): Promise<ReadonlyArray<Timed>> => {
  const square = { a: f32(size, size), b: f32(size, size) }
  const product = await timeOf(
    engine,
    square,
    ([a, b]) => apply(matmul, { form: 'NN' })(...[a, b].flatMap(v => (v === undefined ? [] : [v]))),
    runs,
  )
  const sides = { x: f32(images, 32, 32, 64), w: f32(64, 64, 3, 3) }
  const conv = { stride: 1, padding: 1, dilation: 1, groups: 1 }
  const convolution = await timeOf(engine, sides, values => apply(conv2d, conv)(...values), runs)
  return [
    { work: `product ${size}^3`, flops: 2 * size ** 3, ms: product },
    {
      work: `convolution 3x3, ${images} x 64 x 32 x 32 -> 64`,
      flops: 2 * images * 32 * 32 * 64 * 64 * 9,
      ms: convolution,
    },
  ]
}

/** The family with the smallest product of times, so that each kind of work weighs alike. */
export const fastestOf = (
  times: ReadonlyArray<{ readonly family: Family; readonly ms: ReadonlyArray<number> }>,
): Family | null => {
  const costs = times.map(({ family, ms }) => ({ family, cost: ms.reduce((a, b) => a * b, 1) }))
  const [first, ...rest] = costs
  return first === undefined ? null : rest.reduce((a, b) => (b.cost < a.cost ? b : a), first).family
}

/** The product of matrices by one tile, whatever the target would choose. */
const byTile = (tile: Tile): Op<Form> =>
  defineOp({
    ...matmul,
    name: `matmul by ${tileName(tile)}`,
    lower: ({ ins, attrs }, target) => {
      const sizes = sizesOf(ins, attrs)
      const division = { tile, parts: 1, share: 8 * Math.ceil(sizes.k / 8) }
      const ending = { label: 'product', shader: store, bindings: [output()] }
      return productBy(division, sizes, attrs, ending, target)
    },
  })

/** Multiply-adds a millisecond of every tile that the engine's device can run. */
export const tileSpeeds = async (
  engine: Engine,
  { m, k, runs }: Pick<TuneSizes, 'm' | 'k' | 'runs'>,
): Promise<ReadonlyArray<{ readonly tile: Tile; readonly speed: number }>> => {
  const { limits, precision } = engine.target
  const speeds: Array<{ readonly tile: Tile; readonly speed: number }> = []
  for (const tile of tileList) {
    if (workgroupBytesOf(tile) > limits.workgroupBytes) continue
    if (tile.halves && precision !== 'f16') continue
    const args = { a: f32(m, k), b: f32(m, k) }
    const ms = await timeOf(engine, args, v => apply(byTile(tile), { form: 'NT' })(...v), runs)
    speeds.push({ tile, speed: (m * m * k) / ms })
  }
  return speeds
}

interface Found {
  readonly family: Family | null
  readonly rows: ReadonlyArray<Figures>
}

/** Every family that the adapter runs; on a real GPU that is no question. */
const findFamily = async (info: EngineInfo, sizes: TuneSizes): Promise<Found> => {
  if (!info.software || info.family === 'reference') return { family: null, rows: [] }
  const families: ReadonlyArray<Family> = [...new Set([info.family, 'texture', 'tiled'] as const)]
  const rows: Array<Figures> = []
  const times: Array<{ readonly family: Family; readonly ms: ReadonlyArray<number> }> = []
  for (const family of families) {
    const timed = await withEngine(engine => timeFamily(engine, sizes), { family })
    times.push({ family, ms: timed.map(({ ms }) => ms) })
    for (const { work, flops, ms } of timed) {
      rows.push({ work: `${work}, ${family}`, ms, 'GFLOP/s': flops / ms / 1e6 })
    }
  }
  return { family: fastestOf(times), rows }
}

/** f32 where there are no matrix units, or they fail their self-test. */
const findSpeeds = async (info: EngineInfo, sizes: TuneSizes, family: Family) => {
  const opening: Opening = { family }
  if (family !== 'tiled') return []
  const measure = (engine: Engine) => tileSpeeds(engine, sizes)
  return info.software
    ? withEngine(measure, opening)
    : withEngine(measure, { ...opening, precision: 'f16' }).catch(() =>
        withEngine(measure, opening),
      )
}

/** What was measured, for people and to be kept. */
export interface Tuned {
  readonly result: BenchResult
  readonly tuning: DeviceTuning
}

/** Measures the machine's adapter; some seconds. Sizes are chosen for the adapter unless given. */
export const benchTune = async (given?: TuneSizes): Promise<Tuned> => {
  const info = await withEngine(async engine => engine.info)
  const sizes = given ?? sizesFor(info)
  const { family, rows } = await findFamily(info, sizes)
  const speeds = await findSpeeds(info, sizes, family ?? 'tiled')
  const reaches = speeds.length === 0 ? {} : reachesFrom(speeds)
  const tiles = speeds.map(
    ({ tile, speed }): Figures => ({
      work: `product ${sizes.m} x ${sizes.m} x ${sizes.k} by ${tileName(tile)}`,
      ms: (sizes.m ** 2 * sizes.k) / speed,
      'GFLOP/s': (2 * speed) / 1e6,
      reach: reaches[tileName(tile)] ?? null,
    }),
  )
  const { vendor, adapter, driver } = info
  return {
    tuning: { vendor, adapter, driver, family, reaches },
    result: {
      bench: 'tune',
      date: today(),
      device: { ...deviceFigures(info), chosen: family ?? info.family },
      versions: versionFigures(),
      rows: [...rows, ...tiles],
    },
  }
}

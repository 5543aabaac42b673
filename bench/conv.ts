// Convolutions and both their gradients against PyTorch's, case by case in alternating rounds.
import * as E from 'fp-ts/Either'
import { type Conv, conv2d, conv2dInputGrad, conv2dWeightGrad } from '../kernels/conv2d.ts'
import { copy } from '../kernels/copy.ts'
import { type Aval, bytesOf, f32, sizeOf } from '../src/core/aval.ts'
import { uniforms } from '../src/core/random.ts'
import { apply } from '../src/core/op.ts'
import { trace } from '../src/core/trace.ts'
import { arg, showShapeErrors, type Value } from '../src/core/value.ts'
import type { Engine, Executable } from '../src/device/engine.ts'
import { type BenchOptions, done, ratio, ROUNDS, withEngine } from './harness.ts'
import { installPeers, PATIENCE, runPython, runScript, scriptPeers } from './peer-runs.ts'
import {
  type BenchResult,
  deviceFigures,
  type Figures,
  median,
  today,
  versionFigures,
} from './result.ts'

/** A convolution of square images by a square kernel; the other numbers are 1, 0 and 1 where left out. */
interface Case {
  readonly work: string
  readonly batch: number
  readonly side: number
  readonly channels: number
  readonly out: number
  readonly kernel: number
  readonly stride?: number
  readonly padding?: number
  readonly groups?: number
  /** Also by tfjs and jax-js, which are so slow that one case is tried. */
  readonly scripts?: true
}

const usual = { batch: 32, side: 32, channels: 64, out: 64, kernel: 3, padding: 1 }

const cases: ReadonlyArray<Case> = [
  { ...usual, work: '3x3', scripts: true },
  { ...usual, work: '1x1', out: 256, kernel: 1, padding: 0 },
  { ...usual, work: '3x3, stride 2', out: 128, stride: 2 },
  { ...usual, work: '3x3, late', side: 4, channels: 512, out: 512 },
  {
    ...usual,
    work: '3x3, depthwise',
    side: 28,
    channels: 192,
    out: 192,
    groups: 192,
    scripts: true,
  },
  { work: '7x7 stem', batch: 8, side: 224, channels: 3, out: 64, kernel: 7, stride: 2, padding: 3 },
  { ...usual, work: '3x3, 3 channels', channels: 3 },
]

const passes = ['forward', 'dx', 'dw'] as const

const repetitions = 4

/** Milliseconds of a pass above which a JavaScript peer is not run again in later rounds. */
const SLOW = 250

const convOf = ({ stride = 1, padding = 0, groups = 1 }: Case): Conv => ({
  stride,
  padding,
  dilation: 1,
  groups,
})

const sizesOf = (one: Case) => {
  const { batch, side, channels, out, kernel } = one
  const { stride, padding, groups } = convOf(one)
  const after = Math.floor((side + 2 * padding - kernel) / stride) + 1
  return {
    x: f32(batch, side, side, channels),
    w: f32(out, channels / groups, kernel, kernel),
    dy: f32(batch, after, after, out),
    gflop: (2 * batch * after * after * out * (channels / groups) * kernel * kernel) / 1e9,
  }
}

/** A copy of what a pass reads and writes, every one of the three the same arrays, over a copy of x. */
const copyShare = (one: Case): number => {
  const { x, w, dy } = sizesOf(one)
  return (bytesOf(x) + bytesOf(w) + bytesOf(dy)) / (2 * bytesOf(x))
}

const resultOf = (pass: (typeof passes)[number] | 'copy', one: Case): Value => {
  const { side, kernel } = one
  const conv = convOf(one)
  const { x, w, dy } = sizesOf(one)
  switch (pass) {
    case 'copy':
      return apply(copy, null)(arg('x', x))
    case 'forward':
      return apply(conv2d, conv)(arg('x', x), arg('w', w))
    case 'dx':
      return apply(conv2dInputGrad, { ...conv, height: side, width: side })(
        arg('dy', dy),
        arg('w', w),
      )
    case 'dw':
      return apply(conv2dWeightGrad, { ...conv, rows: kernel, columns: kernel })(
        arg('dy', dy),
        arg('x', x),
      )
  }
}

const clock = f32(1)

const fill = (aval: Aval): Float32Array => {
  const next = uniforms(1, 'bench')
  return Float32Array.from({ length: sizeOf(aval) }, () => next() - 0.5)
}

const timed = async (engine: Engine, executable: Executable): Promise<number> => {
  await done(engine.get('clock'))
  const began = performance.now()
  for (let i = 0; i < repetitions; i++) await done(executable.run({}))
  await done(engine.get('clock'))
  return (performance.now() - began) / repetitions
}

/** Milliseconds of each pass of a case, and of a copy of x. */
const timeCase = async (engine: Engine, one: Case): Promise<Readonly<Record<string, number>>> => {
  const { gflop: _, ...avals } = sizesOf(one)
  for (const [name, aval] of Object.entries(avals)) await done(engine.put(name, aval, fill(aval)))
  await done(engine.put('clock', clock))
  const times: Record<string, number> = {}
  for (const pass of [...passes, 'copy'] as const) {
    const program = trace({ outputs: { y: resultOf(pass, one) } })
    if (E.isLeft(program)) throw new Error(showShapeErrors(program.left))
    const executable = await done(engine.load(program.right))
    await done(executable.run({}))
    times[pass] = await timed(engine, executable)
    executable.release()
  }
  engine.drop(Object.keys(avals))
  return times
}

/** Milliseconds by pass; null where a peer cannot run it. */
type Times = Readonly<Record<string, unknown>>

const timesOf = (runs: ReadonlyArray<Times>, pass: string): number | null => {
  const times = runs.flatMap(run => (typeof run[pass] === 'number' ? [run[pass]] : []))
  return times.length === 0 ? null : median(times)
}

const isSlow = (times: Times): boolean =>
  passes.some(pass => typeof times[pass] === 'number' && times[pass] > SLOW)

/** PyTorch and those JavaScript peers that were no slow ones in the first round. */
const peersOf = async (
  one: Case,
  first?: ReadonlyMap<string, Times>,
): Promise<ReadonlyMap<string, Times>> => {
  const shape = JSON.stringify({ ...one, ...convOf(one) })
  const runs = new Map<string, Times>()
  const torch = await runPython('conv.py', shape, repetitions)
  if (torch !== null) runs.set('PyTorch', torch)
  if (one.scripts === undefined || !(await installPeers())) return runs
  for (const peer of scriptPeers) {
    const before = first?.get(peer)
    if (first !== undefined && (before === undefined || isSlow(before))) continue
    const run = await runScript('conv.mjs', PATIENCE, peer, shape, repetitions)
    if (run !== null) runs.set(peer, run)
  }
  return runs
}

const rowsOf = (
  one: Case,
  ours: ReadonlyArray<Times>,
  peers: ReadonlyArray<ReadonlyMap<string, Times>>,
): ReadonlyArray<Figures> => {
  const names = [...new Set(peers.flatMap(p => [...p.keys()]))]
  const { work, batch, side, channels, out } = one
  const runsOf = (name: string): ReadonlyArray<Times> =>
    peers.flatMap(p => {
      const run = p.get(name)
      return run === undefined ? [] : [run]
    })
  return passes.map((pass): Figures => {
    const ms = timesOf(ours, pass) ?? Number.NaN
    const compared = names.flatMap((name): ReadonlyArray<readonly [string, number | null]> => {
      const peer = timesOf(runsOf(name), pass)
      return [
        [`${name} ms`, peer],
        [`ours / ${name}`, ratio(peer, ms)],
      ]
    })
    return {
      work: `${work}, ${batch} x ${side} x ${side} x ${channels} -> ${out}, ${pass}`,
      ms,
      'GFLOP/s': (1e3 * sizesOf(one).gflop) / ms,
      'ms of a copy': (timesOf(ours, 'copy') ?? Number.NaN) * copyShare(one),
      ...Object.fromEntries(compared),
    }
  })
}

/**
 * Medians over alternating rounds; `ours / peer` is the peer's time over ours, `ms of a copy` the time in which the copy
 * kernel moves the bytes that a pass must read and write. JavaScript peers with a pass above `SLOW` run once.
 */
export const benchConv = ({ peers, opening }: BenchOptions): Promise<BenchResult> =>
  withEngine(async engine => {
    const rows: Array<Figures> = []
    const versions: Record<string, Figures[string]> = {}
    for (const one of cases) {
      await timeCase(engine, one)
      const ours: Array<Times> = []
      const theirs: Array<ReadonlyMap<string, Times>> = []
      for (let round = 0; round < ROUNDS; round++) {
        ours.push(await timeCase(engine, one))
        if (peers) theirs.push(await peersOf(one, theirs[0]))
      }
      rows.push(...rowsOf(one, ours, theirs))
      for (const [name, { version }] of theirs.flatMap(p => [...p])) {
        versions[name] = String(version)
      }
    }
    return {
      bench: 'conv',
      date: today(),
      device: deviceFigures(engine.info),
      versions: versionFigures(versions),
      rows,
    }
  }, opening)

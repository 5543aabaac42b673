// Memory-bound ops against a copy of the same bytes on the same device.
import * as E from 'fp-ts/Either'
import { addBias, sumRows } from '../kernels/add-bias.ts'
import { addRelu } from '../kernels/add-relu.ts'
import { add } from '../kernels/add.ts'
import { avgPool2d } from '../kernels/avg-pool.ts'
import { batchNormEval } from '../kernels/batch-norm-eval.ts'
import { batchNorm, batchNormGrad } from '../kernels/batch-norm.ts'
import { concat } from '../kernels/concat.ts'
import { copy } from '../kernels/copy.ts'
import { dropout } from '../kernels/dropout.ts'
import { gelu } from '../kernels/gelu.ts'
import { layerNorm, layerNormGrad } from '../kernels/layer-norm.ts'
import { maxPool2d, maxPool2dGrad } from '../kernels/max-pool.ts'
import { meanPool } from '../kernels/mean-pool.ts'
import { relu, reluGrad } from '../kernels/relu.ts'
import { sgd } from '../kernels/sgd.ts'
import { softmax } from '../kernels/softmax.ts'
import { type Aval, bytesOf, f32, sizeOf, u32 } from '../src/core/aval.ts'
import { applyAll, type Op } from '../src/core/op.ts'
import { uniforms } from '../src/core/random.ts'
import { trace } from '../src/core/trace.ts'
import { arg, showShapeErrors } from '../src/core/value.ts'
import type { Engine } from '../src/device/engine.ts'
import { type BenchOptions, done, withEngine } from './harness.ts'
import {
  type BenchResult,
  deviceFigures,
  type Figures,
  median,
  today,
  versionFigures,
} from './result.ts'

/** An op at one place of use: applied to operands of these shapes. */
interface Case {
  readonly work: string
  readonly ins: ReadonlyArray<Aval>
  readonly load: (engine: Engine) => Promise<Loaded>
}

/** A loaded case: the bytes that it must read and write, and milliseconds a run. */
interface Loaded {
  readonly bytes: number
  readonly time: () => Promise<number>
  readonly release: () => void
}

const REPETITIONS = 6

/** Many short rounds: the machine's memory is slower in some than in others by a third. */
const ROUNDS = 15

const sum = (ns: ReadonlyArray<number>): number => ns.reduce((a, b) => a + b, 0)

/** `twice` leading operands must be read twice: sums over all of them come before what is made of each. */
const caseOf = <A>(
  work: string,
  op: Op<A>,
  attrs: A,
  ins: ReadonlyArray<Aval>,
  twice = 0,
): Case => ({
  work,
  ins,
  load: async engine => {
    const next = uniforms(1, 'memory')
    const names = ins.map((_, i) => `${work} ${i}`)
    for (const [i, aval] of ins.entries()) {
      const data = Float32Array.from({ length: sizeOf(aval) }, () => next() + 0.5)
      await done(
        engine.put(names[i] ?? '', aval, aval.dtype === 'f32' ? data : Uint32Array.from(data)),
      )
    }
    const results = applyAll(op, attrs)(...ins.map((aval, i) => arg(names[i] ?? '', aval)))
    const outputs = Object.fromEntries(results.map((value, i) => [`out ${i}`, value]))
    const program = trace({ outputs })
    if (E.isLeft(program)) throw new Error(showShapeErrors(program.left))
    const executable = await done(engine.load(program.right))
    await done(engine.put('clock', f32(1)))
    return {
      bytes: sum([...ins, ...ins.slice(0, twice), ...results.map(r => r.aval)].map(bytesOf)),
      time: async () => {
        await done(engine.get('clock'))
        const began = performance.now()
        for (let i = 0; i < REPETITIONS; i++) await done(executable.run({}))
        await done(engine.get('clock'))
        return (performance.now() - began) / REPETITIONS
      },
      release: () => {
        executable.release()
        engine.drop(names)
      },
    }
  },
})

const x = f32(64, 32, 32, 64)
const column = f32(64)
const tokens = f32(64, 128, 768)
const wide = f32(768)
const row = f32(64 * 128)
const weights = f32(64)
const window = { kernel: 3, stride: 2, padding: 1 }
const norm = { eps: 1e-5 }
const moments = [column, column, column, column]

const cases: ReadonlyArray<Case> = [
  caseOf('relu', relu, null, [x]),
  caseOf('relu gradient', reluGrad, null, [x, x]),
  caseOf('add', add, null, [x, x]),
  caseOf('addRelu', addRelu, null, [x, x]),
  caseOf('gelu', gelu, null, [tokens]),
  caseOf('addBias', addBias, null, [tokens, wide]),
  caseOf('bias gradient', sumRows, null, [tokens]),
  caseOf('dropout', dropout, { rate: 0.1, key: 1 }, [tokens, u32(2)]),
  caseOf('batchNormEval', batchNormEval, norm, [x, ...moments]),
  caseOf('batchNorm', batchNorm, norm, [x, column, column, weights], 1),
  caseOf('batchNorm gradient', batchNormGrad, norm, [x, x, ...moments, weights, f32(1)], 2),
  caseOf('layerNorm', layerNorm, norm, [tokens, wide, wide]),
  caseOf('layerNorm gradient', layerNormGrad, null, [tokens, tokens, wide, row, row]),
  caseOf('softmax', softmax, null, [f32(8192, 768)]),
  caseOf('maxPool2d', maxPool2d, window, [x]),
  caseOf('maxPool2d gradient', maxPool2dGrad, { ...window, shape: x.shape }, [
    f32(64, 16, 16, 64),
    u32(64, 16, 16, 64),
  ]),
  caseOf('avgPool2d', avgPool2d, { kernel: 2, stride: 2, padding: 0 }, [x]),
  caseOf('meanPool', meanPool, null, [x]),
  caseOf('concat', concat, null, [x, f32(64, 32, 32, 32)]),
  caseOf('sgd', sgd, null, [f32(4096, 1024), f32(4096, 1024), f32(4096, 1024), f32(4)]),
]

/** A case's milliseconds in a round, and those of the copy kernel just before it. */
interface Round {
  readonly ms: number
  readonly copy: number
}

const timed = async (copied: Loaded, one: Loaded): Promise<ReadonlyArray<Round>> => {
  await one.time()
  const rounds: Array<Round> = []
  for (let round = 0; round < ROUNDS; round++) {
    const before = await copied.time()
    rounds.push({ copy: before, ms: await one.time() })
  }
  return rounds
}

/**
 * Time of each op over the time in which the copy kernel moves as many bytes as the op must read and write, round by round;
 * medians.
 */
export const benchMemory = ({ opening }: BenchOptions): Promise<BenchResult> =>
  withEngine(async engine => {
    const copied = await caseOf('copy', copy, null, [x]).load(engine)
    const rows: Array<Figures> = []
    const copies: Array<number> = []
    for (const { work, load } of cases) {
      const loaded = await load(engine)
      const rounds = await timed(copied, loaded)
      loaded.release()
      const ms = median(rounds.map(round => round.ms))
      const share = loaded.bytes / copied.bytes
      const times = median(rounds.map(round => round.ms / round.copy)) / share
      rows.push({ work, ms, 'GB/s': loaded.bytes / ms / 1e6, 'times a copy': times })
      copies.push(...rounds.map(round => round.copy))
    }
    copied.release()
    const alone = median(copies)
    return {
      bench: 'memory',
      date: today(),
      device: deviceFigures(engine.info),
      versions: versionFigures(),
      rows: [{ work: 'copy', ms: alone, 'GB/s': copied.bytes / alone / 1e6 }, ...rows],
    }
  }, opening)

// `collapse bench`: measures speed, against peers where asked.
import type { Command } from 'commander'
import * as t from 'io-ts'
import { flag, oneOf, optional, text, withDefault } from '../src/codec/field.ts'
import type { FlagLine } from './flags.ts'
import { type Context, register } from './run.ts'

/** Names of the benchmarks. */
export const BENCHES = [
  'conv',
  'gemm',
  'growth',
  'infer',
  'measure',
  'memory',
  'mlp',
  'recompute',
  'train',
  'transfer',
  'tune',
] as const

const lines: ReadonlyArray<FlagLine> = [
  ['--peers', 'runs PyTorch, SciPy, tfjs and jax-js beside, those that can be installed'],
  ['--adapter <name>', 'refuses to run on another adapter than one of this vendor, name or driver'],
  ['--out <file>', 'writes the result as JSON too'],
]

/** The flags of `bench`. */
export const BenchFlags = t.type({
  name: oneOf(BENCHES),
  peers: withDefault(flag, false),
  adapter: optional(text),
  out: optional(text),
})
export type BenchFlags = t.TypeOf<typeof BenchFlags>

/** Adds the command `bench`. */
export const registerBench = (program: Command, context: Context): void =>
  register(
    program,
    context,
  )({
    name: 'bench <name>',
    summary: `measures speed: ${BENCHES.join(', ')}`,
    flags: lines,
    codec: BenchFlags,
    run: async () => (await import('./bench/run-bench.ts')).runBench,
    more: [
      'Example: collapse bench gemm --peers --adapter nvidia --json',
      'tune measures kernels on this adapter once; every command then uses what it found',
    ].join('\n'),
  })

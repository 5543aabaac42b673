// What `collapse bench` does: runs one benchmark and prints its rows.
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import { type BenchOptions, done } from '../../bench/harness.ts'
import type { BenchResult, Figures } from '../../bench/result.ts'
import { moves } from '../../kernels/moves.ts'
import { type Fault, failure } from '../../src/core/fault.ts'
import { writeAtomic } from '../../src/data/atomic-file.ts'
import type { Profile } from '../../src/device/profile.ts'
import { openEngine } from '../../src/device/open.ts'
import type { BENCHES, BenchFlags } from '../bench.ts'
import { tuningFolder } from '../flags.ts'
import type { Run } from '../run.ts'
import { keepTuning, readTunings } from '../tuning.ts'
import { checkAdapter, checkBench } from './adapter.ts'

type Bench = (options: BenchOptions) => Promise<BenchResult>

/** Measures the adapter, keeps what was found, and says where. */
const tune: Bench = async () => {
  const { result, tuning } = await (await import('../../bench/tune.ts')).benchTune()
  const kept = await done(keepTuning(tuningFolder(process.env), tuning))
  return { ...result, device: { ...result.device, kept } }
}

const benches: Readonly<Record<(typeof BENCHES)[number], () => Promise<Bench>>> = {
  conv: async () => (await import('../../bench/conv.ts')).benchConv,
  gemm: async () => (await import('../../bench/gemm.ts')).benchGemm,
  growth: async () => (await import('../../bench/growth.ts')).benchGrowth,
  infer: async () => (await import('../../bench/networks.ts')).benchInfer,
  measure: async () => (await import('../../bench/measure.ts')).benchMeasure,
  memory: async () => (await import('../../bench/memory.ts')).benchMemory,
  mlp: async () => (await import('../../bench/mlp.ts')).benchMlp,
  recompute: async () => (await import('../../bench/recompute.ts')).benchRecompute,
  train: async () => (await import('../../bench/networks.ts')).benchTrain,
  transfer: async () => (await import('../../bench/transfer.ts')).benchTransfer,
  tune: async () => tune,
}

const shown = (value: Figures[string]): string =>
  typeof value === 'number' ? String(Number(value.toPrecision(4))) : (value ?? 'not run')

const block = (figures: Figures): string => {
  const width = Math.max(...Object.keys(figures).map(k => k.length))
  return Object.entries(figures)
    .map(([name, value]) => `  ${name.padEnd(width)}  ${shown(value)}`)
    .join('\n')
}

const asText = ({ bench, date, device, versions, rows }: BenchResult): string =>
  [`${bench}, ${date}`, block({ ...device, ...versions }), ...rows.map(block)].join('\n\n')

/** The adapter that benchmarks run on must be the one asked for, if one was. */
const admit = (adapter: string | undefined): TE.TaskEither<Fault, void> =>
  adapter === undefined
    ? TE.right(undefined)
    : pipe(
        openEngine('webgpu', moves, { checked: false }),
        TE.chainEitherK(({ info, close }) => {
          close()
          return checkAdapter(info, adapter)
        }),
      )

const saying = (result: BenchResult, adapter: string | undefined): BenchResult =>
  adapter === undefined ? result : { ...result, device: { ...result.device, 'asked for': adapter } }

/** Runs the benchmark; nothing else should run on the machine meanwhile. */
export const runBench: Run<BenchFlags> = (flags, { common, print, progress, saveProfiles }) => {
  const { name, peers, adapter, out } = flags
  const { precision, profile } = common
  const profiles: Array<Profile> = []
  return pipe(
    TE.fromEither(checkBench(name, { ...common, adapter })),
    TE.chain(() => admit(adapter)),
    TE.chain(() => TE.fromTask(readTunings(tuningFolder(process.env), progress.log))),
    TE.chain(tunings => {
      progress.log(`bench ${name}: nothing else should run on this machine meanwhile`)
      return TE.tryCatch(
        async () => {
          const bench = await benches[name]()
          const onProfiles = (more: ReadonlyArray<Profile>) => void profiles.push(...more)
          const opening = { tunings, precision, profile: profile !== undefined, onProfiles }
          return saying(await bench({ peers, opening }), adapter)
        },
        (e): Fault =>
          failure(
            e instanceof Error ? e.message : String(e),
            `bench ${name}`,
            'see collapse doctor',
          ),
      )
    }),
    TE.chainFirst(result =>
      out === undefined
        ? TE.right(undefined)
        : writeAtomic(out, `${JSON.stringify(result, null, 1)}\n`),
    ),
    TE.chain(result => {
      print(common.json ? JSON.stringify(result) : asText(result))
      return saveProfiles(profiles)
    }),
    TE.map(() => 'done' as const),
  )
}

// What a training command asks for: a new run from flags and config, or an old one to go on with.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import { type Checkpoint, decodeCheckpoint } from '../../src/codec/checkpoint.ts'
import { asFlag, decodeWith, inFile, parseJson } from '../../src/codec/decode.ts'
import { hashTrainConfig, settings, TrainConfig } from '../../src/codec/train-config.ts'
import { type EpochLine, parseEpochLines } from '../../src/codec/train-run.ts'
import { type Fault, fault } from '../../src/core/fault.ts'
import { readBytes, readText, runFiles, vacant } from '../../src/data/run-folder.ts'
import type { Common } from '../flags.ts'
import type { TrainFlags } from '../train.ts'

/** Where a run stopped: its folder, checkpoint, and the epochs it ended. */
export interface Stopped {
  readonly dir: string
  readonly checkpoint: Checkpoint
  readonly lines: ReadonlyArray<EpochLine>
}

/** A run to make or to go on with; `stopped` is null for a new one, whose folder may be named by `out`. */
export interface Order {
  readonly config: TrainConfig
  readonly out: string | null
  readonly stopped: Stopped | null
  /** The run has its result already. */
  readonly finished: boolean
}

const decodeConfig = (where: string): ((u: unknown) => E.Either<Fault, TrainConfig>) =>
  decodeWith(TrainConfig, inFile(where), 'see collapse train --help')

const readJson = (path: string): TE.TaskEither<Fault, unknown> =>
  pipe(
    readText(path, 'check the path'),
    TE.chainEitherK(text => parseJson(text, path)),
  )

const readConfig = (path: string): TE.TaskEither<Fault, TrainConfig> =>
  pipe(readJson(path), TE.chainEitherK(decodeConfig(path)))

/** Settings given as flags, under their names in the config. */
const given = (flags: TrainFlags, seed: number | undefined): Readonly<Record<string, unknown>> => {
  const raw: Readonly<Record<string, unknown>> = { ...flags }
  const data = flags.data === undefined ? undefined : settings.data.encode(flags.data)
  const plugins = flags.plugin.length > 0 ? flags.plugin : undefined
  const named = Object.keys(settings).map(key => [key, raw[key]] as const)
  return Object.fromEntries(
    [
      ...named,
      ['data', data] as const,
      ['seed', seed] as const,
      ['plugins', plugins] as const,
    ].filter(([, value]) => value !== undefined),
  )
}

const fresh = (flags: TrainFlags, { seed }: Common): TE.TaskEither<Fault, Order> =>
  pipe(
    flags.config === undefined ? TE.right({ version: 1 }) : readJson(flags.config),
    TE.chainFirstEitherK(decodeConfig(flags.config ?? 'collapse train')),
    TE.chainEitherK(config =>
      // Flags come before defaults: those of some settings depend on the network.
      decodeConfig(flags.config ?? 'collapse train')({
        ...(typeof config === 'object' ? config : {}),
        ...given(flags, seed),
      }),
    ),
    TE.chainFirst(() => (flags.out === undefined ? TE.right(undefined) : vacant(flags.out))),
    TE.map(config => ({ config, out: flags.out ?? null, stopped: null, finished: false })),
  )

const sameConfig =
  (config: TrainConfig, where: string) =>
  (checkpoint: Checkpoint): E.Either<Fault, Checkpoint> =>
    checkpoint.config === hashTrainConfig(config)
      ? E.right(checkpoint)
      : E.left(
          fault(
            'the checkpoint is of another config than config.json beside it',
            where,
            'put the config back, or train anew',
          ),
        )

const readStopped = (dir: string, config: TrainConfig): TE.TaskEither<Fault, Stopped> => {
  const path = join(dir, runFiles.checkpoint)
  const metrics = join(dir, runFiles.metrics)
  return pipe(
    readBytes(path, `collapse train --config ${join(dir, runFiles.config)} trains it anew`),
    TE.chainEitherK(bytes => decodeCheckpoint(bytes, path)),
    TE.chainEitherK(sameConfig(config, path)),
    TE.bindTo('checkpoint'),
    TE.bind('lines', ({ checkpoint: { epoch } }) =>
      epoch === 0
        ? TE.right([])
        : pipe(
            readText(metrics, 'train anew'),
            TE.chainEitherK(text => parseEpochLines(text, epoch, metrics)),
          ),
    ),
    TE.map(({ checkpoint, lines }) => ({ dir, checkpoint, lines })),
  )
}

/** A setting beside --resume would be another run: refused. */
const alone = (flags: TrainFlags, seed: number | undefined): E.Either<Fault, void> => {
  const extra = { ...given(flags, seed), config: flags.config, out: flags.out }
  const [key] = Object.entries(extra).filter(([, value]) => value !== undefined)[0] ?? []
  return key === undefined
    ? E.right(undefined)
    : E.left(
        fault(
          'a resumed run keeps its own settings',
          asFlag([key === 'plugins' ? 'plugin' : key]),
          'leave it out beside --resume',
        ),
      )
}

const resumed = (dir: string, flags: TrainFlags, { seed }: Common): TE.TaskEither<Fault, Order> =>
  pipe(
    TE.fromEither(alone(flags, seed)),
    TE.chain(() => readConfig(join(dir, runFiles.config))),
    TE.bindTo('config'),
    TE.bind('stopped', ({ config }) => readStopped(dir, config)),
    TE.map(({ config, stopped }) => ({
      config,
      out: null,
      stopped,
      finished: existsSync(join(dir, runFiles.result)),
    })),
  )

/** Reads what the flags name and checks it; nothing is written. */
export const settle = (flags: TrainFlags, common: Common): TE.TaskEither<Fault, Order> =>
  flags.resume === undefined ? fresh(flags, common) : resumed(flags.resume, flags, common)

// What `collapse transfer` and `collapse probe` are asked: flags over a config file over a preset, as one config.
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import type * as t from 'io-ts'
import { asFlag, decodeWith, inFile, parseJson } from '../../src/codec/decode.ts'
import { sourceSettings } from '../../src/codec/downstream-config.ts'
import { ProbeConfig, probeSettings } from '../../src/codec/probe-config.ts'
import { TransferConfig, transferSettings } from '../../src/codec/transfer-config.ts'
import type { Fault } from '../../src/core/fault.ts'
import { readText } from '../../src/data/run-folder.ts'
import type { DownstreamFlags } from '../downstream.ts'
import type { Common } from '../flags.ts'
import type { ProbeFlags } from '../probe.ts'
import type { TransferFlags } from '../transfer.ts'

type Raw = Readonly<Record<string, unknown>>

const isRecord = (u: unknown): u is Raw => typeof u === 'object' && u !== null && !Array.isArray(u)

/** A command's config: its codec, the settings that are flags, and where help is. */
interface Asked<C> {
  readonly codec: t.Decoder<unknown, C>
  readonly settings: Raw
  readonly help: string
}

/** Settings given as flags, as a config has them. */
const given = (settings: Raw, raw: Raw, { seed }: Common): Raw =>
  Object.fromEntries(
    [...Object.keys(settings).map(key => [key, raw[key]] as const), ['seed', seed] as const].filter(
      ([, value]) => value !== undefined,
    ),
  )

const readConfig = (path: string): TE.TaskEither<Fault, unknown> =>
  pipe(
    readText(path, 'check the path'),
    TE.chainEitherK(text => parseJson(text, path)),
  )

const settleAs =
  <C>({ codec, settings, help }: Asked<C>) =>
  (flags: DownstreamFlags, more: Raw, common: Common): TE.TaskEither<Fault, C> => {
    const { config: path, data } = flags
    const raw = {
      ...flags,
      data: data === undefined ? undefined : sourceSettings.data.encode(data),
      ...more,
    }
    return pipe(
      path === undefined ? TE.right<Fault, unknown>({ version: 1 }) : readConfig(path),
      TE.chainEitherK(file =>
        decodeWith(
          codec,
          path === undefined ? asFlag : inFile(path),
          help,
        )(isRecord(file) ? { ...file, ...given(settings, raw, common) } : file),
      ),
    )
  }

/** The whole config of a transfer; a fault names the flag or the key of the file that does not fit. */
export const settle = (
  flags: TransferFlags,
  common: Common,
): TE.TaskEither<Fault, TransferConfig> => {
  const { block } = flags
  return settleAs({
    codec: TransferConfig,
    settings: transferSettings,
    help: 'see collapse transfer --help',
  })(
    flags,
    { block: block === undefined ? undefined : transferSettings.block.encode(block) },
    common,
  )
}

/** The same of a layer-wise probe. */
export const settleProbe = (flags: ProbeFlags, common: Common): TE.TaskEither<Fault, ProbeConfig> =>
  settleAs({ codec: ProbeConfig, settings: probeSettings, help: 'see collapse probe --help' })(
    flags,
    {},
    common,
  )

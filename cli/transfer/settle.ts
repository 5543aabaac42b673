// What `collapse transfer` is asked: flags over a config file over a preset, as one config.
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import { asFlag, decodeWith, inFile, parseJson } from '../../src/codec/decode.ts'
import { TransferConfig, transferSettings } from '../../src/codec/transfer-config.ts'
import type { Fault } from '../../src/core/fault.ts'
import { readText } from '../../src/data/run-folder.ts'
import type { Common } from '../flags.ts'
import type { TransferFlags } from '../transfer.ts'

const isRecord = (u: unknown): u is Readonly<Record<string, unknown>> =>
  typeof u === 'object' && u !== null && !Array.isArray(u)

/** Settings given as flags, as a config has them. */
const given = (flags: TransferFlags, { seed }: Common): Readonly<Record<string, unknown>> => {
  const raw: Readonly<Record<string, unknown>> = {
    ...flags,
    data: flags.data === undefined ? undefined : transferSettings.data.encode(flags.data),
    block: flags.block === undefined ? undefined : transferSettings.block.encode(flags.block),
  }
  return Object.fromEntries(
    [
      ...Object.keys(transferSettings).map(key => [key, raw[key]] as const),
      ['seed', seed] as const,
    ].filter(([, value]) => value !== undefined),
  )
}

const readConfig = (path: string): TE.TaskEither<Fault, unknown> =>
  pipe(
    readText(path, 'check the path'),
    TE.chainEitherK(text => parseJson(text, path)),
  )

/** The whole config; a fault names the flag or the key of the file that does not fit. */
export const settle = (
  flags: TransferFlags,
  common: Common,
): TE.TaskEither<Fault, TransferConfig> => {
  const { config: path } = flags
  const place = path === undefined ? asFlag : inFile(path)
  return pipe(
    path === undefined ? TE.right<Fault, unknown>({ version: 1 }) : readConfig(path),
    TE.chainEitherK(file =>
      decodeWith(
        TransferConfig,
        place,
        'see collapse transfer --help',
      )(isRecord(file) ? { ...file, ...given(flags, common) } : file),
    ),
  )
}

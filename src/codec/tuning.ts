// Measurements of adapters as files: what `collapse bench tune` keeps and engines take in place of estimates.
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as t from 'io-ts'
import type { Family, DeviceTuning } from '../core/dispatch.ts'
import { type Fault, fault } from '../core/fault.ts'
import { closed } from './closed.ts'
import { decodeWith, inFile, parseJson } from './decode.ts'
import { field, numberField, oneOf, text } from './field.ts'

const families = ['tiled', 'subgroup', 'texture'] as const satisfies ReadonlyArray<Family>

const MOST_REACH = 64

const version = field<1>('1', (u): u is 1 => u === 1)

/** What drivers call themselves, which may be nothing. */
const name = field<string>(
  'a text of at most 1000 characters',
  (u): u is string => typeof u === 'string' && u.length <= 1000,
)

const tile = field<string>(
  'the name of a tile',
  (u): u is string => typeof u === 'string' && /^\d{1,4}x\d{1,4}( f16)?$/.test(u),
)

const reach = numberField(`a number above 0, at most ${MOST_REACH}`, n => n > 0 && n <= MOST_REACH)

/** A measurement of an adapter, the version of `collapse` whose kernels were measured, and the date. */
export const TuningFile = closed(
  {
    version,
    collapse: text,
    date: text,
    vendor: name,
    adapter: name,
    driver: name,
    family: t.union([oneOf<Family>(families), t.null]),
    reaches: t.record(tile, reach),
  },
  'a measurement of an adapter',
)
export type TuningFile = t.TypeOf<typeof TuningFile>

const mend = 'run collapse bench tune again'

/** Reads a measurement; `Left` where it does not decode or is of other kernels than those of version `collapse`. */
export const decodeTuning = (
  json: string,
  where: string,
  collapse: string,
): E.Either<Fault, DeviceTuning> =>
  pipe(
    parseJson(json, where),
    E.chain(decodeWith(TuningFile, inFile(where), mend)),
    E.filterOrElse(
      file => file.collapse === collapse,
      file => fault(`made by collapse ${file.collapse}`, where, mend),
    ),
    E.map(({ vendor, adapter, driver, family, reaches }) => ({
      vendor,
      adapter,
      driver,
      family,
      reaches,
    })),
  )

/** The text of a measurement's file. */
export const showTuning = (tuning: DeviceTuning, collapse: string, date: string): string =>
  `${JSON.stringify(TuningFile.encode({ version: 1, collapse, date, ...tuning }), null, 2)}\n`

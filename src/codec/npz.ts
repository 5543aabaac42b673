// NumPy's .npz: a zip of .npy files. Lists what lies where; decodes whole small files.
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import { type Fault, fault } from '../core/fault.ts'
import { decodeNpy } from './npy.ts'
import type { NumberArray } from './number-array.ts'
import { entryBytes, type ZipPlace, zipPlaces } from './zip.ts'

const mend = 'write the file again with numpy.savez'

/** A .npz holds no more arrays than this. */
const mostArrays = 10_000

const bare = (place: ZipPlace): ZipPlace => ({ ...place, name: place.name.replace(/\.npy$/, '') })

/** Lists the arrays of an open file or of bytes, under their names. The descriptor stays open. */
export const npzPlaces = (
  source: number | Uint8Array,
  where: string,
): TE.TaskEither<Fault, ReadonlyArray<ZipPlace>> =>
  pipe(
    zipPlaces(source, where, { keep: name => name.endsWith('.npy'), most: mostArrays, mend }),
    TE.map(places => places.map(bare)),
  )

const decodeEntry = (
  bytes: Uint8Array,
  place: ZipPlace,
  where: string,
): E.Either<Fault, readonly [string, NumberArray]> =>
  pipe(
    entryBytes(bytes, place, where, mend),
    E.chain(npy => decodeNpy(npy, `${where}: ${place.name}`)),
    E.map(array => [place.name, array] as const),
  )

/** Decodes a whole .npz of at most `limit` bytes once inflated (1 GiB unless told). */
export const decodeNpz = (
  bytes: Uint8Array,
  where: string,
  limit = 2 ** 30,
): TE.TaskEither<Fault, ReadonlyMap<string, NumberArray>> =>
  pipe(
    npzPlaces(bytes, where),
    TE.filterOrElse(
      places => places.reduce((sum, { size }) => sum + size, 0) <= limit,
      () => fault(`more than ${limit} bytes once inflated`, where, mend),
    ),
    TE.chainEitherK(E.traverseArray(place => decodeEntry(bytes, place, where))),
    TE.map(entries => new Map(entries)),
  )

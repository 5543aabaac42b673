// The arrays of a .npy, .npz or .safetensors file: what they are, and where their bytes lie.
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import { looksLikeNpy, npyPrefix, parseNpyHeader, toRowMajor } from '../codec/npy.ts'
import { npzPlaces } from '../codec/npz.ts'
import { type ArrayPlace, byteLength, bytesPer, type NumberArray } from '../codec/number-array.ts'
import { parseSafetensorsHeader, safetensorsHeaderLength } from '../codec/safetensors.ts'
import { looksLikeZip, type ZipPlace } from '../codec/zip.ts'
import { type Fault, fault } from '../core/fault.ts'
import { type OpenFile, readBytes, readPrefix } from './feature-source-bytes.ts'
import { type Inflated, inflatePrefix, inflateToFile } from './feature-source-inflate.ts'

/** An array on disk. Where it is `packed`, `offset` counts from the start of the inflated entry. */
export interface StoredArray extends ArrayPlace {
  readonly packed: ZipPlace | null
}

/** The name under which the one array of a .npy file goes. */
export const npyName = 'array'

type Arrays = ReadonlyMap<string, StoredArray>

const fitsFile = (place: ArrayPlace, size: number, where: string): E.Either<Fault, ArrayPlace> => {
  const end = place.offset + byteLength(place)
  if (end === size) return E.right(place)
  const state = end > size ? 'truncated' : 'too long'
  return E.left(
    fault(`the file is ${state}: ${size} bytes, not ${end}`, where, 'write the file again'),
  )
}

const npyArrays = (file: OpenFile): E.Either<Fault, Arrays> =>
  pipe(
    readPrefix(file, npyPrefix),
    E.chain(bytes => parseNpyHeader(bytes, file.path)),
    E.chain(place => fitsFile(place, file.size, file.path)),
    E.map(place => new Map([[npyName, { ...place, packed: null }]])),
  )

const safetensorsArrays = (file: OpenFile): E.Either<Fault, Arrays> =>
  pipe(
    readPrefix(file, 8),
    E.chain(first => safetensorsHeaderLength(first, file.size, file.path)),
    E.chain(length => readBytes(file, 8, length)),
    E.chain(json => parseSafetensorsHeader(json, file.size, file.path)),
    E.map(
      ({ places }) =>
        new Map(Array.from(places, ([name, place]) => [name, { ...place, packed: null }])),
    ),
  )

const npzArray =
  (file: OpenFile) =>
  (place: ZipPlace): E.Either<Fault, readonly [string, StoredArray]> => {
    const where = `${file.path}: ${place.name}`
    const prefix = place.stored
      ? readBytes(file, place.offset, Math.min(npyPrefix, place.size))
      : inflatePrefix(file, place)
    return pipe(
      prefix,
      E.chain(bytes => parseNpyHeader(bytes, where)),
      E.chain(found => fitsFile(found, place.size, where)),
      E.map(found => {
        const offset = place.stored ? place.offset + found.offset : found.offset
        return [place.name, { ...found, offset, packed: place.stored ? null : place }] as const
      }),
    )
  }

const npzArrays = (file: OpenFile): TE.TaskEither<Fault, Arrays> =>
  pipe(
    npzPlaces(file.fd, file.path),
    TE.chainEitherK(E.traverseArray(npzArray(file))),
    TE.map(entries => new Map(entries)),
  )

/** Lists the arrays of an open file; its first bytes tell which of the three formats it has. */
export const arraysOf = (file: OpenFile): TE.TaskEither<Fault, Arrays> =>
  pipe(
    TE.fromEither(readPrefix(file, 8)),
    TE.chain(first => {
      if (looksLikeNpy(first)) return TE.fromEither(npyArrays(file))
      if (looksLikeZip(first)) return npzArrays(file)
      return TE.fromEither(safetensorsArrays(file))
    }),
  )

const nothing = (): void => undefined

/** The array's bytes as a stretch of an open file: the file itself, or its inflated entry. */
export const unpacked = (file: OpenFile, array: StoredArray): TE.TaskEither<Fault, Inflated> =>
  array.packed === null ? TE.right({ file, close: nothing }) : inflateToFile(file, array.packed)

/** Reads a whole array, row-major. */
export const readArray = (file: OpenFile, array: StoredArray): TE.TaskEither<Fault, NumberArray> =>
  pipe(
    unpacked(file, array),
    TE.chainEitherK(inflated => {
      const bytes = readBytes(inflated.file, array.offset, byteLength(array))
      inflated.close()
      return bytes
    }),
    TE.map(bytes => ({
      dtype: array.dtype,
      shape: array.shape,
      bytes: array.fortran ? toRowMajor(bytes, array.shape, bytesPer[array.dtype]) : bytes,
    })),
  )

// NumPy's .npz: a zip of .npy files. Lists what lies where; decodes whole small files.
import { inflateRawSync } from 'node:zlib'
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import yauzl, { type Entry, type ZipFile } from 'yauzl'
import { type Fault, fault } from '../core/fault.ts'
import { decodeNpy } from './npy.ts'
import type { NumberArray } from './number-array.ts'

/** Where one array of a .npz lies: `compressed` bytes at `offset`, `size` bytes of .npy once
 * inflated (equal and not deflated where `stored`). */
export interface ZipPlace {
  readonly name: string
  readonly stored: boolean
  readonly offset: number
  readonly compressed: number
  readonly size: number
}

/** A .npz holds no more arrays than this. */
const entryLimit = 10_000

/** Deflate cannot shrink by more; a zip that claims so is refused. */
const mostShrink = 1032

const broken = (where: string, what: string): Fault =>
  fault(what, where, 'write the file again with numpy.savez')

/** True where the bytes begin like a .npz file. */
export const looksLikeZip = (bytes: Uint8Array): boolean =>
  bytes[0] === 0x50 && bytes[1] === 0x4b && (bytes[2] === 3 || bytes[2] === 5)

const checkEntry = (entry: Entry, where: string): Fault | null => {
  if (entry.isEncrypted()) return broken(where, `'${entry.fileName}' is encrypted`)
  if (entry.compressionMethod !== 0 && entry.compressionMethod !== 8) {
    return broken(where, `'${entry.fileName}' uses compression ${entry.compressionMethod}`)
  }
  const { compressedSize, uncompressedSize } = entry
  const most = entry.compressionMethod === 0 ? compressedSize : mostShrink * (compressedSize + 1)
  return uncompressedSize > most
    ? broken(where, `'${entry.fileName}' claims ${uncompressedSize} bytes from ${compressedSize}`)
    : null
}

const placeOf = async (zip: ZipFile, entry: Entry): Promise<ZipPlace> => {
  const { fileDataStart } = await zip.readLocalFileHeaderPromise(entry, { minimal: true })
  return {
    name: entry.fileName.replace(/\.npy$/, ''),
    stored: entry.compressionMethod === 0,
    offset: fileDataStart,
    compressed: entry.compressedSize,
    size: entry.uncompressedSize,
  }
}

const list = async (zip: ZipFile, where: string): Promise<E.Either<Fault, Array<ZipPlace>>> => {
  if (zip.entryCount > entryLimit) return E.left(broken(where, `${zip.entryCount} arrays`))
  const places: Array<ZipPlace> = []
  for await (const entry of zip.eachEntry()) {
    if (!entry.fileName.endsWith('.npy')) continue
    const wrong = checkEntry(entry, where)
    if (wrong !== null) return E.left(wrong)
    const place = await placeOf(zip, entry)
    if (place.offset + place.compressed > zip.fileSize) {
      return E.left(broken(where, `'${place.name}' ends past the end: the file is truncated`))
    }
    places.push(place)
  }
  return E.right(places)
}

const options = { lazyEntries: true, autoClose: false, validateEntrySizes: true } as const

/** Lists the arrays of an open file or of bytes. The descriptor stays open. */
export const npzPlaces = (
  source: number | Uint8Array,
  where: string,
): TE.TaskEither<Fault, ReadonlyArray<ZipPlace>> =>
  pipe(
    TE.tryCatch(
      async () => {
        const zip =
          typeof source === 'number'
            ? await yauzl.fromFdPromise(source, options)
            : await yauzl.fromBufferPromise(
                Buffer.from(source.buffer, source.byteOffset, source.byteLength),
                { lazyEntries: true },
              )
        return list(zip, where)
      },
      reason => broken(where, `not a whole zip file (${reason})`),
    ),
    TE.chain(TE.fromEither),
  )

const inflate = (
  bytes: Uint8Array,
  { name, size }: ZipPlace,
  where: string,
): E.Either<Fault, Uint8Array> =>
  pipe(
    E.tryCatch(
      (): Uint8Array => inflateRawSync(bytes, { maxOutputLength: Math.max(1, size) }),
      () => broken(where, `'${name}' cannot be inflated`),
    ),
    E.filterOrElse(
      out => out.length === size,
      () => broken(where, `'${name}' is truncated`),
    ),
  )

const decodeEntry = (
  bytes: Uint8Array,
  place: ZipPlace,
  where: string,
): E.Either<Fault, readonly [string, NumberArray]> => {
  const inside = bytes.subarray(place.offset, place.offset + place.compressed)
  const whole = place.stored ? E.right(inside) : inflate(inside, place, where)
  return pipe(
    whole,
    E.chain(npy => decodeNpy(npy, `${where}: ${place.name}`)),
    E.map(array => [place.name, array] as const),
  )
}

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
      () => broken(where, `more than ${limit} bytes once inflated`),
    ),
    TE.chainEitherK(E.traverseArray(place => decodeEntry(bytes, place, where))),
    TE.map(entries => new Map(entries)),
  )

// Zip archives: what lies where in one, and single entries as bytes, with every claim of the directory checked.
import { crc32, inflateRawSync } from 'node:zlib'
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import yauzl, { type Entry, type ZipFile } from 'yauzl'
import { type Fault, fault } from '../core/fault.ts'
import { bytesOf } from './number-array.ts'

/** Where one entry of a zip lies: `compressed` bytes at `offset`, `size` bytes once inflated
 * (equal and not deflated where `stored`). */
export interface ZipPlace {
  readonly name: string
  readonly stored: boolean
  readonly offset: number
  readonly compressed: number
  readonly size: number
  /** CRC-32 of the inflated bytes. */
  readonly crc: number
}

/** Which entries are wanted, how many there may be at most, and how a broken archive is mended. */
export interface ZipRules {
  readonly keep: (name: string) => boolean
  readonly most: number
  readonly mend: string
}

/** Deflate cannot shrink by more; a zip that claims so is refused. */
const mostShrink = 1032

/** True where the bytes begin like a zip file. */
export const looksLikeZip = (bytes: Uint8Array): boolean =>
  bytes[0] === 0x50 && bytes[1] === 0x4b && (bytes[2] === 3 || bytes[2] === 5)

const wrongEntry = (entry: Entry): string | null => {
  const { fileName, compressionMethod, compressedSize, uncompressedSize } = entry
  if (entry.isEncrypted()) return `'${fileName}' is encrypted`
  if (compressionMethod !== 0 && compressionMethod !== 8) {
    return `'${fileName}' uses compression ${compressionMethod}`
  }
  const most = compressionMethod === 0 ? compressedSize : mostShrink * (compressedSize + 1)
  return uncompressedSize > most
    ? `'${fileName}' claims ${uncompressedSize} bytes from ${compressedSize}`
    : null
}

const placeOf = async (zip: ZipFile, entry: Entry): Promise<ZipPlace> => {
  const { fileDataStart } = await zip.readLocalFileHeaderPromise(entry, { minimal: true })
  return {
    name: entry.fileName,
    stored: entry.compressionMethod === 0,
    offset: fileDataStart,
    compressed: entry.compressedSize,
    size: entry.uncompressedSize,
    crc: entry.crc32,
  }
}

const list = async (
  zip: ZipFile,
  { keep, most }: ZipRules,
): Promise<E.Either<string, ReadonlyArray<ZipPlace>>> => {
  if (zip.entryCount > most) return E.left(`${zip.entryCount} files in one zip`)
  const places = new Map<string, ZipPlace>()
  for await (const entry of zip.eachEntry()) {
    if (!keep(entry.fileName)) continue
    if (places.has(entry.fileName)) return E.left(`'${entry.fileName}' is there twice`)
    const wrong = wrongEntry(entry)
    if (wrong !== null) return E.left(wrong)
    const place = await placeOf(zip, entry)
    if (place.offset + place.compressed > zip.fileSize) {
      return E.left(`'${place.name}' ends past the end: the file is truncated`)
    }
    places.set(place.name, place)
  }
  return E.right([...places.values()])
}

const openZip = (source: number | Uint8Array): Promise<ZipFile> =>
  typeof source === 'number'
    ? yauzl.fromFdPromise(source, { lazyEntries: true, autoClose: false })
    : yauzl.fromBufferPromise(Buffer.from(source.buffer, source.byteOffset, source.byteLength), {
        lazyEntries: true,
      })

/** Lists the wanted entries of an open file or of bytes. The descriptor stays open. */
export const zipPlaces = (
  source: number | Uint8Array,
  where: string,
  rules: ZipRules,
): TE.TaskEither<Fault, ReadonlyArray<ZipPlace>> => {
  const broken = (what: string): Fault => fault(what, where, rules.mend)
  return pipe(
    TE.tryCatch(
      async () => list(await openZip(source), rules),
      reason => broken(`not a whole zip file (${reason})`),
    ),
    TE.chainEitherK(E.mapLeft(broken)),
  )
}

/** The bytes of an entry of the zip `bytes`: shared where stored, inflated to exactly `size` otherwise. */
export const entryBytes = (
  bytes: Uint8Array,
  { name, stored, offset, compressed, size, crc }: ZipPlace,
  where: string,
  mend: string,
): E.Either<Fault, Uint8Array> => {
  const inside = bytes.subarray(offset, offset + compressed)
  if (stored) return E.right(inside)
  return pipe(
    E.tryCatch(
      () => bytesOf(inflateRawSync(inside, { maxOutputLength: Math.max(1, size) })),
      () => fault(`'${name}' cannot be inflated`, where, mend),
    ),
    E.filterOrElse(
      out => out.length === size,
      () => fault(`'${name}' is truncated`, where, mend),
    ),
    E.filterOrElse(
      out => crc32(out) === crc,
      () => fault(`'${name}' is damaged: its checksum differs`, where, mend),
    ),
  )
}

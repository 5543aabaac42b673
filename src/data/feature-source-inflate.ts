// Deflated arrays of a .npz: their first bytes, and the whole inflated into an unnamed file.
import { createReadStream, createWriteStream } from 'node:fs'
import { tmpdir } from 'node:os'
import { pipeline } from 'node:stream/promises'
import { constants, crc32, createInflateRaw, inflateRawSync } from 'node:zlib'
import * as E from 'fp-ts/Either'
import * as TE from 'fp-ts/TaskEither'
import type { ZipPlace } from '../codec/zip.ts'
import { type Fault, fault } from '../core/fault.ts'
import { type OpenFile, readBytes } from './feature-source-bytes.ts'
import { unnamedFile } from './unnamed-file.ts'

const cannot = (path: string, what: string): Fault =>
  fault(what, path, 'write the file again with numpy.savez')

const prefixBytes = 2 ** 16

/** The first bytes of a deflated entry: enough for a .npy header. */
export const inflatePrefix = (file: OpenFile, place: ZipPlace): E.Either<Fault, Uint8Array> => {
  const packed = readBytes(file, place.offset, Math.min(place.compressed, prefixBytes))
  if (E.isLeft(packed)) return packed
  return E.tryCatch(
    () => new Uint8Array(inflateRawSync(packed.right, { finishFlush: constants.Z_SYNC_FLUSH })),
    () => cannot(file.path, `'${place.name}' cannot be inflated`),
  )
}

/** An inflated entry as a file of its own; `close` gives its room back. */
export interface Inflated {
  readonly file: OpenFile
  readonly close: () => void
}

const spill = async (file: OpenFile, place: ZipPlace, fd: number): Promise<void> => {
  let length = 0
  let sum = 0
  const count = async function* (chunks: AsyncIterable<Uint8Array>) {
    for await (const chunk of chunks) {
      length += chunk.length
      sum = crc32(chunk, sum)
      if (length > place.size) throw new Error('more bytes than its entry says')
      yield chunk
    }
  }
  const { offset, compressed } = place
  const range = { fd: file.fd, start: offset, end: offset + compressed - 1, autoClose: false }
  await pipeline(
    createReadStream(file.path, range),
    createInflateRaw(),
    count,
    createWriteStream('', { fd, autoClose: false }),
  )
  if (length !== place.size) throw new Error('fewer bytes than its entry says')
  if (sum !== place.crc) throw new Error('its checksum differs')
}

/** Inflates an entry into an unnamed file in the system's temporary folder, in bounded memory.
 * Left where the entry is damaged, longer or shorter than it says, or the disk is full. */
export const inflateToFile = (file: OpenFile, place: ZipPlace): TE.TaskEither<Fault, Inflated> =>
  TE.tryCatch(
    async () => {
      const { fd, close } = unnamedFile(tmpdir())
      try {
        await spill(file, place, fd)
        return { file: { path: file.path, fd, size: place.size }, close }
      } catch (e) {
        close()
        throw e
      }
    },
    e =>
      cannot(file.path, `cannot inflate '${place.name}' (${e instanceof Error ? e.message : e})`),
  )

// Small enough files read whole, plain or gzipped, never more than a given number of bytes.
import { existsSync } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzip } from 'node:zlib'
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import { type Fault, fault } from '../core/fault.ts'
import { unreadable } from './feature-source-bytes.ts'

/** A part of a file. */
export interface Stretch {
  readonly offset: number
  readonly size: number
}

/** The path of `name` in a folder, or of `name.gz` where only that is there; null where neither is. */
export const plainOrGzip = (folder: string, name: string): string | null => {
  const plain = join(folder, name)
  return [plain, `${plain}.gz`].find(path => existsSync(path)) ?? null
}

const fill = async (file: FileHandle, { offset, size }: Stretch): Promise<Uint8Array | null> => {
  const bytes = new Uint8Array(size)
  for (let done = 0; done < size; ) {
    const { bytesRead } = await file.read(bytes, done, size - done, offset + done)
    if (bytesRead === 0) return null
    done += bytesRead
  }
  return bytes
}

const readOpen = async (
  file: FileHandle,
  path: string,
  most: number,
  stretch: Stretch | null,
): Promise<E.Either<Fault, Uint8Array>> => {
  const stat = await file.stat()
  if (!stat.isFile()) return E.left(fault('not a regular file', path, 'give the path of a file'))
  const { offset, size } = stretch ?? { offset: 0, size: stat.size }
  if (size > most) {
    return E.left(fault(`${size} bytes, of which at most ${most} are read`, path, 'take it away'))
  }
  const bytes = await fill(file, { offset, size })
  return bytes === null
    ? E.left(fault('the file became shorter while it was read', path, 'run again'))
    : E.right(bytes)
}

/** Reads a regular file of at most `most` bytes, or a stretch of it. */
export const readWhole = (
  path: string,
  most: number,
  stretch: Stretch | null = null,
): TE.TaskEither<Fault, Uint8Array> =>
  pipe(
    TE.tryCatch(
      async () => {
        const file = await open(path, 'r')
        try {
          return await readOpen(file, path, most, stretch)
        } finally {
          await file.close()
        }
      },
      error => unreadable(path, error),
    ),
    TE.chain(TE.fromEither),
  )

const inflated =
  (bytes: Uint8Array, path: string, most: number): TE.TaskEither<Fault, Uint8Array> =>
  () =>
    new Promise(resolve => {
      gunzip(bytes, { maxOutputLength: most }, (error, whole) => {
        if (error === null) return resolve(E.right(whole))
        const tooLong = 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE'
        const what = tooLong
          ? `inflates to more than ${most} bytes`
          : 'the gzip data are broken or truncated'
        resolve(E.left(fault(what, path, 'fetch the file again')))
      })
    })

/** True where the bytes begin like gzip's. */
export const looksLikeGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b

/** Reads a file whole, inflated where it is gzipped; `Left` where it has more than `most` bytes before or after. */
export const readInflated = (path: string, most: number): TE.TaskEither<Fault, Uint8Array> =>
  pipe(
    readWhole(path, most + 2 ** 16),
    TE.chain(bytes => (looksLikeGzip(bytes) ? inflated(bytes, path, most) : TE.right(bytes))),
  )

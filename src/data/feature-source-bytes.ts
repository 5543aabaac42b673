// Files as random-access bytes: opened once, read at offsets, never whole unless small.
import { closeSync, fstatSync, openSync, readSync, rmSync } from 'node:fs'
import * as E from 'fp-ts/Either'
import { type Fault, fault } from '../core/fault.ts'

/** An open file of `size` bytes; `fd` may be read at any offset, from any worker of the process. */
export interface OpenFile {
  readonly path: string
  readonly fd: number
  readonly size: number
}

const reasonOf = (e: unknown): string => {
  const code = typeof e === 'object' && e !== null && 'code' in e ? e.code : undefined
  if (code === 'ENOENT') return 'no such file'
  if (code === 'EACCES' || code === 'EPERM') return 'permission denied'
  return e instanceof Error ? e.message : String(e)
}

/** A fault for a file that cannot be opened or read. */
export const unreadable = (path: string, e: unknown): Fault =>
  fault(`cannot read the file: ${reasonOf(e)}`, path, 'check the path')

/** Opens a regular file for reading. */
export const openFile = (path: string): E.Either<Fault, OpenFile> => {
  try {
    const fd = openSync(path, 'r')
    const stat = fstatSync(fd)
    if (stat.isFile()) return E.right({ path, fd, size: stat.size })
    closeSync(fd)
    return E.left(fault('not a regular file', path, 'give the path of a file'))
  } catch (e) {
    return E.left(unreadable(path, e))
  }
}

/** Closes a file; closing it again does nothing. */
export const closeFile = ({ fd }: Pick<OpenFile, 'fd'>): void => {
  try {
    closeSync(fd)
  } catch {
    return
  }
}

/** Removes a file that may be gone already. */
export const removeFile = (path: string): void => rmSync(path, { force: true })

const piece = 2 ** 26

/** Fills `to` from `position` on; Left where the file ends first. */
export const readInto = (
  { path, fd }: Pick<OpenFile, 'path' | 'fd'>,
  position: number,
  to: Uint8Array,
): E.Either<Fault, Uint8Array> => {
  try {
    let done = 0
    while (done < to.length) {
      const length = Math.min(piece, to.length - done)
      const got = readSync(fd, to, done, length, position + done)
      if (got <= 0) return E.left(fault('the file is truncated', path, 'write the file again'))
      done += got
    }
    return E.right(to)
  } catch (e) {
    return E.left(unreadable(path, e))
  }
}

/** Reads `length` bytes from `position` on. */
export const readBytes = (
  file: OpenFile,
  position: number,
  length: number,
): E.Either<Fault, Uint8Array> =>
  position + length > file.size
    ? E.left(fault('the file is truncated', file.path, 'write the file again'))
    : readInto(file, position, new Uint8Array(length))

/** Reads the first `length` bytes, or all where the file is shorter. */
export const readPrefix = (file: OpenFile, length: number): E.Either<Fault, Uint8Array> =>
  readBytes(file, 0, Math.min(length, file.size))

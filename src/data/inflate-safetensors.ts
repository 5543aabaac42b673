// A .safetensors.gz inflated to exactly what its own header says, in bounded memory.
import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import * as E from 'fp-ts/Either'
import type * as TE from 'fp-ts/TaskEither'
import { inflateLimit } from '../codec/pth-zip.ts'
import { safetensorsHeaderLength, safetensorsSize } from '../codec/safetensors.ts'
import { type Fault, fault } from '../core/fault.ts'
import type { OpenFile } from './feature-source-bytes.ts'

const broken = (path: string, what: string): Fault => fault(what, path, 'get the file again')

// A buffer that grows in three stages: to 8 bytes, to the header's end, to the whole file.
interface Filling {
  bytes: Uint8Array
  done: number
  stage: 'length' | 'header' | 'arrays'
}

const grow = (filling: Filling, size: number): void => {
  const larger = new Uint8Array(size)
  larger.set(filling.bytes)
  filling.bytes = larger
}

const advance = (filling: Filling, path: string, limit: number): Fault | null => {
  if (filling.stage === 'length') {
    const length = safetensorsHeaderLength(filling.bytes, limit, path)
    if (E.isLeft(length)) return length.left
    filling.stage = 'header'
    grow(filling, 8 + length.right)
    return null
  }
  const size = safetensorsSize(filling.bytes.subarray(8), path)
  if (E.isLeft(size)) return size.left
  if (size.right > limit) return broken(path, `it claims ${size.right} bytes once inflated`)
  filling.stage = 'arrays'
  grow(filling, size.right)
  return null
}

const feed = (filling: Filling, chunk: Uint8Array, path: string, limit: number): Fault | null => {
  let at = 0
  while (at < chunk.length) {
    const room = filling.bytes.length - filling.done
    if (room === 0 && filling.stage === 'arrays') return broken(path, 'bytes after the last array')
    const piece = chunk.subarray(at, at + room)
    filling.bytes.set(piece, filling.done)
    filling.done += piece.length
    at += piece.length
    if (filling.done === filling.bytes.length && filling.stage !== 'arrays') {
      const wrong = advance(filling, path, limit)
      if (wrong !== null) return wrong
    }
  }
  return null
}

// Leaving the stream early ends the pipeline in an error of its own, so what was found wrong first counts.
const inflate = async ({ path, fd, size }: OpenFile): Promise<E.Either<Fault, Uint8Array>> => {
  const filling: Filling = { bytes: new Uint8Array(8), done: 0, stage: 'length' }
  const limit = inflateLimit(size)
  let wrong: Fault | null = null
  const error: unknown = await pipeline(
    createReadStream(path, { fd, start: 0, autoClose: false }),
    createGunzip(),
    async (chunks: AsyncIterable<Uint8Array>) => {
      for await (const chunk of chunks) {
        wrong = feed(filling, chunk, path, limit)
        if (wrong !== null) return
      }
    },
  ).then(
    () => null,
    reason => reason,
  )
  if (wrong !== null) return E.left(wrong)
  if (error !== null) {
    const reason = error instanceof Error ? error.message : String(error)
    return E.left(broken(path, `cannot be inflated (${reason})`))
  }
  return filling.stage === 'arrays' && filling.done === filling.bytes.length
    ? E.right(filling.bytes)
    : E.left(broken(path, 'the file is truncated'))
}

/** The .safetensors within a gzip file. Left where it is damaged, longer or shorter than its header says, or a bomb. */
export const inflateSafetensors =
  (file: OpenFile): TE.TaskEither<Fault, Uint8Array> =>
  () =>
    inflate(file)

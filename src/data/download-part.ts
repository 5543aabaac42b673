// The part of a download that is there: its length, its hash, and a reply's bytes written behind it.
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { type FileHandle, open, stat } from 'node:fs/promises'
import * as E from 'fp-ts/Either'
import { fault } from '../core/fault.ts'
import { passing, reasonOf, type Reply, type Trouble } from './download-reply.ts'

/** The length of a file, 0 where there is none. */
export const lengthOfFile = (path: string): Promise<number> =>
  stat(path).then(
    ({ size }) => size,
    () => 0,
  )

/** The sha256 of a file in hex. */
export const hashFile = async (path: string): Promise<string> => {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path, { highWaterMark: 2 ** 20 })) hash.update(chunk)
  return hash.digest('hex')
}

/** How bytes are taken in: never more than `most`; `onBytes` hears of every piece, and stops the work with false. */
export interface Intake {
  readonly url: string
  readonly most: number
  readonly onBytes: (done: number, total: number | null) => boolean
}

/** The transfer ended because `onBytes` said so. */
export const stopped = 'stopped'

const tooLarge = ({ url, most }: Pick<Intake, 'url' | 'most'>, bytes: number): Trouble => ({
  fault: fault(
    `${bytes} bytes or more, where ${most} are expected at most`,
    url,
    'give another --mirror',
  ),
  again: false,
  keep: false,
})

const writeBody = async (
  file: FileHandle,
  { body, from, total }: Reply,
  { onBytes, ...intake }: Intake,
): Promise<E.Either<Trouble, number | typeof stopped>> => {
  const pieces = body?.[Symbol.asyncIterator]()
  let done = from
  for (;;) {
    const next = await pieces?.next().catch(reasonOf)
    if (typeof next === 'string') {
      return E.left(passing(intake.url, `the connection was cut (${next})`))
    }
    if (next === undefined || next.done === true) break
    if (done + next.value.length > intake.most) {
      return E.left(tooLarge(intake, done + next.value.length))
    }
    await file.write(next.value, 0, next.value.length, done)
    done += next.value.length
    if (!onBytes(done, total)) return E.right(stopped)
  }
  await file.sync()
  return E.right(done)
}

/**
 * Writes a reply behind the part at `path`, or over it where the reply begins at the first byte. Right is the length
 * that is there then, all that the server promised.
 */
export const takeReply = async (
  path: string,
  reply: Reply,
  intake: Intake,
): Promise<E.Either<Trouble, number | typeof stopped>> => {
  const { from, total } = reply
  if (total !== null && total > intake.most) {
    reply.close()
    return E.left(tooLarge(intake, total))
  }
  const file = await open(path, from === 0 ? 'w' : 'r+')
  try {
    await file.truncate(from)
    const written = await writeBody(file, reply, intake)
    if (E.isLeft(written) || written.right === stopped || total === null) return written
    return written.right < total
      ? E.left(passing(intake.url, `cut off after ${written.right} of ${total} bytes`))
      : written
  } finally {
    reply.close()
    await file.close()
  }
}

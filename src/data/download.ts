// Downloads of large files: resumed where they were cut, checked by length and hash, and whole or not there at all.
import { mkdir, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import * as E from 'fp-ts/Either'
import type * as TE from 'fp-ts/TaskEither'
import { type Fault, failure, fault } from '../core/fault.ts'
import { hashFile, lengthOfFile, type stopped, takeReply } from './download-part.ts'
import { requestFile, type Trouble } from './download-reply.ts'
import { type Transport, transportFor } from './transport.ts'

/** A file to fetch: `sha256` is the beginning of its hash in hex, or null; `most` bounds its bytes. */
export interface Download {
  readonly url: string
  readonly to: string
  readonly sha256: string | null
  readonly most: number
  /** Hears of every piece: bytes there, and the whole's where known. */
  readonly onProgress?: (done: number, total: number | null) => void
  /** Hears why a try failed, before the next. */
  readonly onTrouble?: (fault: Fault) => void
  /** Asked often; true ends the download and keeps the part. */
  readonly isStopped?: () => boolean
  /** Tries in a row without progress: 5. */
  readonly tries?: number
  /** Milliseconds before the second try, doubled for each after it: 500. */
  readonly pause?: number
  /** Milliseconds without a byte after which a connection counts as cut: 30,000. */
  readonly patience?: number
  /** How requests are sent, unless as the environment says. */
  readonly transport?: Transport
}

/** The file was fetched, was there already, or the person stopped. */
export type Fetched = 'fetched' | 'present' | 'stopped'

/** The name of the part that is there before the whole is. */
export const partOf = (to: string): string => `${to}.part`

const worthAnotherTry = 2 ** 20

const matches = async (path: string, sha256: string): Promise<boolean> =>
  (await hashFile(path)).startsWith(sha256)

const wait = async (ms: number, isStopped: () => boolean): Promise<void> => {
  for (let left = ms; left > 0 && !isStopped(); left -= 100) {
    await new Promise(resolve => setTimeout(resolve, Math.min(100, left)))
  }
}

interface Try {
  readonly result: E.Either<Trouble, typeof stopped | number>
  readonly tag: string | null
}

// One request and its body; a timer ends it when nothing comes, or the person stops.
const attempt = async (download: Download, tag: string | null): Promise<Try> => {
  const { url, to, most, onProgress, isStopped = () => false, patience = 30_000 } = download
  const abort = new AbortController()
  const transport = download.transport ?? transportFor(process.env)
  let heard = performance.now()
  const timer = setInterval(() => {
    if (isStopped() || performance.now() - heard > patience) abort.abort()
  }, 100)
  try {
    const from = await lengthOfFile(partOf(to))
    const reply = await requestFile({ url, from, tag, signal: abort.signal, transport })
    if (E.isLeft(reply)) return { result: reply, tag }
    const onBytes = (done: number, total: number | null): boolean => {
      heard = performance.now()
      onProgress?.(done, total)
      return !isStopped()
    }
    const result = await takeReply(partOf(to), reply.right, { url, most, onBytes })
    return { result, tag: reply.right.tag ?? tag }
  } finally {
    clearInterval(timer)
  }
}

/** Tries until the part is whole; Left when a trouble does not pass. */
const complete = async (download: Download): Promise<E.Either<Fault, 'whole' | 'stopped'>> => {
  const { to, tries = 5, pause = 500, isStopped = () => false, onTrouble } = download
  let tag: string | null = null
  for (let failed = 0; ; ) {
    const before = await lengthOfFile(partOf(to))
    const tried: Try = await attempt(download, tag)
    tag = tried.tag
    if (isStopped()) return E.right('stopped')
    if (E.isRight(tried.result)) return E.right('whole')
    const trouble = tried.result.left
    if (!trouble.keep) await rm(partOf(to), { force: true })
    const gained = (await lengthOfFile(partOf(to))) - before
    failed = gained >= worthAnotherTry ? 1 : failed + 1
    if (!trouble.again || failed >= tries) return E.left(trouble.fault)
    onTrouble?.(trouble.fault)
    await wait(pause * 2 ** (failed - 1), isStopped)
  }
}

const wrongHash = async ({ to, url, sha256 }: Download): Promise<Fault> => {
  const found = (await hashFile(partOf(to))).slice(0, sha256?.length)
  return fault(
    `its sha256 begins with ${found}, not ${sha256}; the file was deleted`,
    url,
    'try again, or give another --mirror',
  )
}

// A part of an earlier run may be of another file: where the hash is wrong then, all is fetched once more.
const settle = async (
  download: Download,
  isOlder: boolean,
): Promise<E.Either<Fault, 'fetched' | 'stopped'>> => {
  const { to, sha256 } = download
  const done = await complete(download)
  if (E.isLeft(done)) return done
  if (done.right === 'stopped') return E.right('stopped')
  if (sha256 === null || (await matches(partOf(to), sha256))) {
    await rename(partOf(to), to)
    return E.right('fetched')
  }
  const wrong = await wrongHash(download)
  await rm(partOf(to), { force: true })
  return isOlder ? settle(download, false) : E.left(wrong)
}

const fetchFile = async (download: Download): Promise<E.Either<Fault, Fetched>> => {
  const { to, sha256 } = download
  await mkdir(dirname(to), { recursive: true })
  if ((await lengthOfFile(to)) > 0 && (sha256 === null || (await matches(to, sha256)))) {
    return E.right('present')
  }
  // Without a hash nothing says that an old part belongs to the same file.
  if (sha256 === null) await rm(partOf(to), { force: true })
  return settle(download, (await lengthOfFile(partOf(to))) > 0)
}

/**
 * Fetches a file to `to` through `to.part`, going on where an earlier try was cut, and checks its length and hash before
 * it takes its name. Left for what does not pass: no such file, a wrong hash (the part is deleted), no connection.
 */
export const download = (what: Download): TE.TaskEither<Fault, Fetched> => {
  const cannot = (reason: unknown): E.Either<Fault, Fetched> =>
    E.left(
      failure(
        `cannot write the file (${reason instanceof Error ? reason.message : reason})`,
        what.to,
        'check the folder and the room on the disk',
      ),
    )
  return () => fetchFile(what).catch(cannot)
}

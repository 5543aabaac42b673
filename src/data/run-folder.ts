// A run's folder: made once, never over another run, and its files.
import { appendFile, mkdir, readdir, readFile, rm, rmdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import { type Fault, failure, fault } from '../core/fault.ts'

/** The files of a run. */
export const runFiles = {
  config: 'config.json',
  metrics: 'metrics.jsonl',
  checkpoint: 'checkpoint.safetensors',
  result: 'result.json',
} as const

const codeOf = (error: unknown): unknown =>
  typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined

const said = (error: unknown): string => (error instanceof Error ? error.message : String(error))

const notMade = (dir: string, error: unknown): Fault =>
  fault(`cannot make the folder (${said(error)})`, dir, 'choose another with --out')

const taken = (dir: string): Fault =>
  fault('the folder is not empty', dir, 'choose another with --out, or go on with --resume')

/** Checks that a folder is not there yet, or is empty. */
export const vacant = (dir: string): TE.TaskEither<Fault, void> =>
  pipe(
    TE.tryCatch(
      () => readdir(dir).catch(error => (codeOf(error) === 'ENOENT' ? [] : Promise.reject(error))),
      error => notMade(dir, error),
    ),
    TE.chain(files => (files.length === 0 ? TE.right(undefined) : TE.left(taken(dir)))),
  )

/** Makes a folder, and those above it; a folder that is there must be empty. */
export const makeFolder = (dir: string): TE.TaskEither<Fault, string> =>
  pipe(
    vacant(dir),
    TE.chain(() =>
      TE.tryCatch(
        () => mkdir(dir, { recursive: true }),
        error => notMade(dir, error),
      ),
    ),
    TE.map(() => dir),
  )

/** Makes the first of `parent/stem-1`, `parent/stem-2`, ... that is not there yet. */
export const makeNumbered = (parent: string, stem: string): TE.TaskEither<Fault, string> => {
  const attempt = async (n: number): Promise<string> => {
    const dir = join(parent, `${stem}-${n}`)
    try {
      await mkdir(dir)
      return dir
    } catch (error) {
      if (codeOf(error) === 'EEXIST') return attempt(n + 1)
      throw error
    }
  }
  return TE.tryCatch(
    async () => {
      await mkdir(parent, { recursive: true })
      return attempt(1)
    },
    error => notMade(parent, error),
  )
}

/** Removes a folder that a run made and did not use; `parentToo` where that leaves the one above it empty. */
export const removeFolder = (dir: string, parentToo = false): TE.TaskEither<Fault, void> =>
  TE.tryCatch(
    async () => {
      await rm(dir, { recursive: true, force: true })
      if (parentToo) await rmdir(dirname(dir)).catch(() => undefined)
    },
    error => failure(`cannot remove the folder (${said(error)})`, dir, 'remove it by hand'),
  )

const unread = (path: string, mend: string, error: unknown): Fault =>
  fault(
    codeOf(error) === 'ENOENT' ? 'no such file' : `cannot read the file (${said(error)})`,
    path,
    mend,
  )

/** Reads a text file; `mend` is told where it is missing. */
export const readText = (path: string, mend: string): TE.TaskEither<Fault, string> =>
  TE.tryCatch(
    () => readFile(path, 'utf8'),
    error => unread(path, mend, error),
  )

/** Reads a file; `mend` is told where it is missing. */
export const readBytes = (path: string, mend: string): TE.TaskEither<Fault, Uint8Array> =>
  TE.tryCatch(
    () => readFile(path),
    error => unread(path, mend, error),
  )

/** Adds a line to a file. */
export const appendLine = (path: string, line: string): TE.TaskEither<Fault, void> =>
  TE.tryCatch(
    () => appendFile(path, `${line}\n`),
    error => failure(`cannot write the file (${said(error)})`, path, 'free the disk and resume'),
  )

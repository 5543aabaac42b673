// Measurements of adapters in the user's cache folder: read before an engine is opened, kept by `collapse bench tune`.
import { mkdir, readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import type * as T from 'fp-ts/Task'
import * as TE from 'fp-ts/TaskEither'
import { version } from '../package.json'
import { decodeTuning, showTuning } from '../src/codec/tuning.ts'
import type { DeviceTuning } from '../src/core/dispatch.ts'
import { type Fault, fault, showFault } from '../src/core/fault.ts'
import { writeAtomic } from '../src/data/atomic-file.ts'

const MOST_BYTES = 2 ** 16

const said = (error: unknown): string => (error instanceof Error ? error.message : String(error))

const readOne =
  (path: string): TE.TaskEither<Fault, DeviceTuning> =>
  async () => {
    try {
      const { size } = await stat(path)
      return size > MOST_BYTES
        ? E.left(fault(`${size} bytes are no measurement`, path, 'remove it'))
        : decodeTuning(await readFile(path, 'utf8'), path, version)
    } catch (error) {
      return E.left(fault(`cannot be read (${said(error)})`, path, 'remove it'))
    }
  }

/** All measurements kept in the folder; `say` is told of those that are ignored, and why. None where there is no folder. */
export const readTunings =
  (folder: string, say: (line: string) => void): T.Task<ReadonlyArray<DeviceTuning>> =>
  async () => {
    const names = await readdir(folder).catch(() => [])
    const tunings: Array<DeviceTuning> = []
    for (const name of names.filter(n => !n.startsWith('.') && n.endsWith('.json')).sort()) {
      const read = await readOne(join(folder, name))()
      if (E.isRight(read)) tunings.push(read.right)
      else say(`tuning ignored: ${showFault(read.left)}`)
    }
    return tunings
  }

/** The file of an adapter and its driver, named after them. */
export const tuningFile = ({ adapter, driver }: Pick<DeviceTuning, 'adapter' | 'driver'>): string =>
  `${`${adapter} ${driver}`
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 120)}.json`

/** Keeps a measurement in place of the one before, and gives its path. */
export const keepTuning = (folder: string, tuning: DeviceTuning): TE.TaskEither<Fault, string> => {
  const path = join(folder, tuningFile(tuning))
  const date = new Date().toISOString().slice(0, 10)
  return pipe(
    TE.tryCatch(
      () => mkdir(folder, { recursive: true }),
      error => fault(`cannot make the folder (${said(error)})`, folder, 'set XDG_CACHE_HOME'),
    ),
    TE.chain(() => writeAtomic(path, showTuning(tuning, version, date))),
    TE.map(() => path),
  )
}

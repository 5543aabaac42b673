// Rows of several layers as they come: in memory as far as it is meant to go, beyond in unnamed files, for `measureRows`.
import { statfsSync, write } from 'node:fs'
import { tmpdir } from 'node:os'
import * as E from 'fp-ts/Either'
import type * as T from 'fp-ts/Task'
import type * as TE from 'fp-ts/TaskEither'
import { type Fault, failure } from '../core/fault.ts'
import type { Rows } from './feature-source.ts'
import { type UnnamedFile, unnamedFile } from './unnamed-file.ts'

/** A layer to keep: `path` is what faults call it, `width` the values of a row. */
export interface Table {
  readonly path: string
  readonly width: number
}

/** Bytes of rows that are held in memory (2 GiB unless told), and the folder of the others, the system's for temporary files. */
export interface SpoolOptions {
  readonly held?: number
  readonly folder?: string
}

/** Tables of `n` rows that are filled batch by batch. */
export interface Spool {
  /** All tables, in order; whole when every row has been added and `settled`. */
  readonly rows: ReadonlyArray<Rows>
  /** Takes `count` rows of every table from row `first` on. Writing goes on behind: the arrays must stay as they are until `settled`. */
  readonly add: (tables: ReadonlyArray<Float32Array>, first: number, count: number) => void
  /** Waits for what is being written. Left where the disk is full. */
  readonly settled: TE.TaskEither<Fault, void>
  /** Bytes in files. */
  readonly spooled: number
  /** Gives all room back, once nothing is being written. */
  readonly close: T.Task<void>
}

const HELD = 2 ** 31

const mend = 'give it room, set TMPDIR to another folder, or measure fewer images'

const gibibytes = (bytes: number): string => `${(bytes / 2 ** 30).toPrecision(3)} GiB`

const cannotWrite = (folder: string, e: unknown): Fault => {
  const code = typeof e === 'object' && e !== null && 'code' in e ? e.code : undefined
  const full = code === 'ENOSPC' || code === 'EDQUOT'
  const what = full ? 'the disk is full' : `cannot write (${e instanceof Error ? e.message : e})`
  return failure(`${what} while features were kept there`, `folder ${folder}`, mend)
}

const hasRoom = (folder: string, needed: number): E.Either<Fault, void> => {
  if (needed === 0) return E.right(undefined)
  try {
    const { bavail, bsize } = statfsSync(folder)
    const free = bavail * bsize
    if (free >= needed) return E.right(undefined)
    const what = `${gibibytes(free)} free, where features need ${gibibytes(needed)}`
    return E.left(failure(what, `folder ${folder}`, mend))
  } catch (e) {
    return E.left(cannotWrite(folder, e))
  }
}

const writeOnce = (fd: number, bytes: Uint8Array, done: number, position: number) =>
  new Promise<number>((resolve, reject) => {
    write(fd, bytes, done, bytes.length - done, position, (e, n) => (e ? reject(e) : resolve(n)))
  })

const writeWhole = async (fd: number, bytes: Uint8Array, position: number): Promise<void> => {
  let done = 0
  while (done < bytes.length) done += await writeOnce(fd, bytes, done, position + done)
}

/** Rows and the way to fill some of them; the promise is of what is written behind. */
interface Store {
  readonly rows: Rows
  readonly put: (data: Float32Array, first: number) => Promise<void> | null
  readonly close: () => void
}

const heldStore = ({ path, width: d }: Table, n: number): Store => {
  const held = new Float32Array(new SharedArrayBuffer(4 * n * d))
  return {
    rows: { path, held, dtype: 'F32', fortran: false, n, d },
    put: (data, first) => {
      held.set(data, first * d)
      return null
    },
    close: () => undefined,
  }
}

const fileStore = ({ path, width: d }: Table, n: number, { fd, close }: UnnamedFile): Store => ({
  rows: { path, fd, offset: 0, dtype: 'F32', fortran: false, n, d },
  put: (data, first) =>
    writeWhole(fd, new Uint8Array(data.buffer, data.byteOffset, data.byteLength), 4 * first * d),
  close,
})

/** Which tables are held, the first that fit. */
const placed = (tables: ReadonlyArray<Table>, n: number, limit: number): ReadonlyArray<boolean> => {
  let room = limit
  return tables.map(({ width }) => {
    const fits = 4 * n * width <= room
    if (fits) room -= 4 * n * width
    return fits
  })
}

const spoolOf = (stores: ReadonlyArray<Store>, folder: string, spooled: number): Spool => {
  let pending: ReadonlyArray<Promise<E.Either<Fault, void>>> = []
  const guarded = (writing: Promise<void>): Promise<E.Either<Fault, void>> =>
    writing.then(E.right, e => E.left(cannotWrite(folder, e)))
  const settled = async (): Promise<E.Either<Fault, void>> => {
    const ended = await Promise.all(pending)
    pending = []
    return ended.find(E.isLeft) ?? E.right(undefined)
  }
  return {
    rows: stores.map(({ rows }) => rows),
    add: (tables, first, count) => {
      const begun = stores.flatMap(({ rows, put }, i) => {
        const writing = put((tables[i] ?? new Float32Array(0)).subarray(0, count * rows.d), first)
        return writing === null ? [] : [guarded(writing)]
      })
      pending = [...pending, ...begun]
    },
    settled,
    spooled,
    close: async () => {
      await settled()
      for (const { close } of stores) close()
    },
  }
}

/** Makes room for `n` rows of every table. Left where the folder has less than the files will take. */
export const openSpool =
  (
    tables: ReadonlyArray<Table>,
    n: number,
    { held = HELD, folder = tmpdir() }: SpoolOptions = {},
  ): TE.TaskEither<Fault, Spool> =>
  async () => {
    const inMemory = placed(tables, n, held)
    const spooled = tables.reduce((sum, { width }, i) => sum + (inMemory[i] ? 0 : 4 * n * width), 0)
    const room = hasRoom(folder, spooled)
    if (E.isLeft(room)) return room
    const stores: Array<Store> = []
    try {
      for (const [i, table] of tables.entries()) {
        stores.push(inMemory[i] ? heldStore(table, n) : fileStore(table, n, unnamedFile(folder)))
      }
      return E.right(spoolOf(stores, folder, spooled))
    } catch (e) {
      for (const { close } of stores) close()
      return E.left(cannotWrite(folder, e))
    }
  }

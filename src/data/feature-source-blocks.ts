// Rows of features read in blocks of bounded size, the next one while the present is folded.
import { read } from 'node:fs'
import * as E from 'fp-ts/Either'
import { bytesPer, copyFloats } from '../codec/number-array.ts'
import type { Block } from '../collapse/features.ts'
import type { Folding } from '../collapse/passes.ts'
import { type Fault, fault } from '../core/fault.ts'
import type { RowsOnDisk } from './feature-source.ts'
import { readInto, unreadable } from './feature-source-bytes.ts'

// Small enough for a core's cache and for any memory; columns of a Fortran array are read piece by
// piece, so that these blocks are larger.
const blockBytes = { rows: 2 ** 21, columns: 2 ** 25 }

/** How many rows are read at once. */
export const rowsAtOnce = ({ n, d, dtype, fortran }: RowsOnDisk): number => {
  const bytes = fortran ? blockBytes.columns : blockBytes.rows
  return Math.min(n, Math.max(4, Math.floor(bytes / (d * bytesPer[dtype]))))
}

const readOnce = (fd: number, to: Uint8Array, done: number, position: number): Promise<number> =>
  new Promise((resolve, reject) => {
    read(fd, to, done, to.length - done, position, (e, got) => (e ? reject(e) : resolve(got)))
  })

const readWhole = async (
  { path, fd }: RowsOnDisk,
  position: number,
  to: Uint8Array,
): Promise<E.Either<Fault, Uint8Array>> => {
  try {
    let done = 0
    while (done < to.length) {
      const got = await readOnce(fd, to, done, position + done)
      if (got <= 0) return E.left(fault('the file is truncated', path, 'write the file again'))
      done += got
    }
    return E.right(to)
  } catch (e) {
    return E.left(unreadable(path, e))
  }
}

interface Buffer {
  readonly raw: Uint8Array
  readonly floats: Float32Array | Float64Array
}

// Row-major float32 and float64 rows are used as they were read; others are converted.
const makeBuffer = (rows: RowsOnDisk, count: number): Buffer => {
  const raw = new Uint8Array(count * rows.d * bytesPer[rows.dtype])
  const Floats = rows.dtype === 'F64' ? Float64Array : Float32Array
  const asRead = !rows.fortran && (rows.dtype === 'F64' || rows.dtype === 'F32')
  return { raw, floats: asRead ? new Floats(raw.buffer) : new Floats(count * rows.d) }
}

const fillRows = async (
  rows: RowsOnDisk,
  from: number,
  count: number,
  { raw, floats }: Buffer,
): Promise<E.Either<Fault, void>> => {
  const width = rows.d * bytesPer[rows.dtype]
  const got = await readWhole(rows, rows.offset + from * width, raw.subarray(0, count * width))
  if (E.isLeft(got)) return got
  if (floats.buffer !== raw.buffer) copyFloats(rows.dtype, raw, count * rows.d, floats)
  return E.right(undefined)
}

const fillColumns = async (
  rows: RowsOnDisk,
  from: number,
  count: number,
  { raw, floats }: Buffer,
): Promise<E.Either<Fault, void>> => {
  const { n, d, dtype, offset } = rows
  const size = bytesPer[dtype]
  const column = dtype === 'F64' ? new Float64Array(count) : new Float32Array(count)
  for (let j = 0; j < d; j++) {
    const got = readInto(rows, offset + (j * n + from) * size, raw.subarray(0, count * size))
    if (E.isLeft(got)) return got
    copyFloats(dtype, raw, count, column)
    for (let i = 0; i < count; i++) floats[i * d + j] = column[i] ?? 0
  }
  return E.right(undefined)
}

const fill = (rows: RowsOnDisk, from: number, count: number, buffer: Buffer) =>
  rows.fortran ? fillColumns(rows, from, count, buffer) : fillRows(rows, from, count, buffer)

/** Reads rows `from` .. `to` block by block in bounded memory and hands each to `folding`;
 * `onRows` hears how many rows each block had. Left where the file cannot be read. */
export const foldRows = async (
  rows: RowsOnDisk,
  ids: Int32Array,
  [from, to]: readonly [number, number],
  folding: Folding,
  onRows: (count: number) => void,
): Promise<E.Either<Fault, void>> => {
  const most = Math.min(rowsAtOnce(rows), to - from)
  const [first, second] = [makeBuffer(rows, most), makeBuffer(rows, most)]
  let [here, next] = [first, second]
  let pending = fill(rows, from, Math.min(most, to - from), here)
  for (let at = from; at < to; at += most) {
    const count = Math.min(most, to - at)
    const got = await pending
    if (E.isLeft(got)) return got
    const later = at + most
    if (later < to) pending = fill(rows, later, Math.min(most, to - later), next)
    const block: Block = {
      data: here.floats,
      ids: ids.subarray(at, at + count),
      first: at,
    }
    folding.add(block)
    onRows(count)
    ;[here, next] = [next, here]
  }
  return E.right(undefined)
}

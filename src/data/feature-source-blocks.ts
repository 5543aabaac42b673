// Rows of features on disk into float buffers, whatever their type and order.
import { read } from 'node:fs'
import * as E from 'fp-ts/Either'
import { bytesPer, copyFloats } from '../codec/number-array.ts'
import { type Fault, fault } from '../core/fault.ts'
import type { Rows, RowsOnDisk } from './feature-source.ts'
import { readInto, unreadable } from './feature-source-bytes.ts'

// Small enough for a core's cache and for any memory; columns of a Fortran array are read piece by
// piece, so that these blocks are larger.
const blockBytes = { rows: 2 ** 21, columns: 2 ** 25 }

/** How many rows are read at once. */
export const rowsAtOnce = ({ n, d, dtype, fortran }: Rows): number => {
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

/** Room for some rows: bytes as read, and the floats in them or converted from them. */
export interface RowBuffer {
  readonly raw: Uint8Array
  readonly floats: Float32Array | Float64Array
}

/** A buffer for `count` rows. Row-major float32 and float64 rows are used as they were read. */
export const makeBuffer = (rows: RowsOnDisk, count: number): RowBuffer => {
  const raw = new Uint8Array(count * rows.d * bytesPer[rows.dtype])
  const Floats = rows.dtype === 'F64' ? Float64Array : Float32Array
  const asRead = !rows.fortran && (rows.dtype === 'F64' || rows.dtype === 'F32')
  return { raw, floats: asRead ? new Floats(raw.buffer) : new Floats(count * rows.d) }
}

const fillRows = async (
  rows: RowsOnDisk,
  from: number,
  count: number,
  { raw, floats }: RowBuffer,
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
  { raw, floats }: RowBuffer,
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

/** Fills a buffer with `count` rows from row `from` on. */
export const fillBuffer = (
  rows: RowsOnDisk,
  from: number,
  count: number,
  buffer: RowBuffer,
): Promise<E.Either<Fault, void>> =>
  rows.fortran ? fillColumns(rows, from, count, buffer) : fillRows(rows, from, count, buffer)

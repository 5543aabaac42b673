// IDX files, as MNIST is written: a magic number, sizes, then unsigned bytes; plain or gzipped.
import { gunzipSync } from 'node:zlib'
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import { type Fault, fault } from '../core/fault.ts'

/** Unsigned bytes of the given shape, row-major. */
export interface IdxArray {
  readonly shape: ReadonlyArray<number>
  readonly bytes: Uint8Array
}

/** `n` grey images of `rows` x `cols` bytes. */
export interface IdxImages {
  readonly n: number
  readonly rows: number
  readonly cols: number
  readonly bytes: Uint8Array
}

const UNSIGNED_BYTES = 8

const broken = (where: string, what: string): Fault =>
  fault(what, where, 'fetch the file again (npm ci brings MNIST)')

/** Inflated files are at most as long (256 MiB), five times MNIST's longest. */
const MOST_BYTES = 2 ** 28

const unzipped = (file: Uint8Array, where: string): E.Either<Fault, Uint8Array> =>
  file[0] === 0x1f && file[1] === 0x8b
    ? E.tryCatch(
        () => gunzipSync(file, { maxOutputLength: MOST_BYTES }),
        () => broken(where, 'the gzip data are broken, truncated or too long'),
      )
    : E.right(file)

const parse = (file: Uint8Array, where: string): E.Either<Fault, IdxArray> => {
  const [zero, zeroToo, type, dimensions = 0] = file
  if (file.length < 4 || zero !== 0 || zeroToo !== 0 || dimensions < 1 || dimensions > 4) {
    return E.left(broken(where, 'not an IDX file'))
  }
  if (type !== UNSIGNED_BYTES) {
    return E.left(broken(where, `IDX elements of type ${type}, not unsigned bytes (8)`))
  }
  const start = 4 + 4 * dimensions
  if (file.length < start) return E.left(broken(where, 'the file is truncated in its header'))
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  const shape = Array.from({ length: dimensions }, (_, i) => view.getUint32(4 + 4 * i))
  const size = shape.reduce((n, s) => n * s, 1)
  const has = file.length - start
  return has === size
    ? E.right({ shape, bytes: file.subarray(start) })
    : E.left(
        broken(
          where,
          `${has} bytes for [${shape.join(', ')}]: ${has < size ? 'the file is truncated' : 'bytes too many'}`,
        ),
      )
}

/** Decodes an IDX file of unsigned bytes; `Left` where it is of another kind, truncated, or too long. */
export const decodeIdx = (file: Uint8Array, where: string): E.Either<Fault, IdxArray> =>
  pipe(
    unzipped(file, where),
    E.chain(bytes => parse(bytes, where)),
  )

const wrongShape = (where: string, shape: ReadonlyArray<number>, wanted: string): Fault =>
  broken(where, `holds [${shape.join(', ')}], not ${wanted}`)

/** Decodes an IDX file of images [n, rows, cols]. */
export const decodeIdxImages = (file: Uint8Array, where: string): E.Either<Fault, IdxImages> =>
  pipe(
    decodeIdx(file, where),
    E.chain(({ shape, bytes }) => {
      const [n = 0, rows = 0, cols = 0] = shape
      return shape.length === 3 && bytes.length > 0
        ? E.right({ n, rows, cols, bytes })
        : E.left(wrongShape(where, shape, 'images [n, rows, cols]'))
    }),
  )

/** Decodes an IDX file of labels [n]. */
export const decodeIdxLabels = (file: Uint8Array, where: string): E.Either<Fault, Uint8Array> =>
  pipe(
    decodeIdx(file, where),
    E.chain(({ shape, bytes }) =>
      shape.length === 1 && bytes.length > 0
        ? E.right(bytes)
        : E.left(wrongShape(where, shape, 'labels [n]')),
    ),
  )

/** Encodes bytes of a shape of at most four dimensions as an IDX file. */
export const encodeIdx = ({ shape, bytes }: IdxArray): Uint8Array => {
  const file = new Uint8Array(4 + 4 * shape.length + bytes.length)
  file.set([0, 0, UNSIGNED_BYTES, shape.length])
  const view = new DataView(file.buffer)
  shape.forEach((size, i) => {
    view.setUint32(4 + 4 * i, size)
  })
  file.set(bytes, 4 + 4 * shape.length)
  return file
}

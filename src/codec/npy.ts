// NumPy's .npy format, versions 1 to 3, as pure bytes: header and array.
import * as E from 'fp-ts/Either'
import { type Fault, fault } from '../core/fault.ts'
import {
  type ArrayPlace,
  byteLength,
  bytesPer,
  type Dtype,
  elements,
  isDtype,
  type NumberArray,
} from './number-array.ts'

/** No header may be longer than this; NumPy's own limit is 10,000. */
const headerLimit = 2 ** 20

/** As many first bytes of a file as `parseNpyHeader` can need. */
export const npyPrefix = headerLimit + 12

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]

/** True where the bytes begin like a .npy file. */
export const looksLikeNpy = (bytes: Uint8Array): boolean =>
  magic.every((byte, at) => bytes[at] === byte)

const codes: Readonly<Record<string, Dtype>> = {
  f8: 'F64',
  f4: 'F32',
  f2: 'F16',
  i8: 'I64',
  i4: 'I32',
  i2: 'I16',
  i1: 'I8',
  u8: 'U64',
  u4: 'U32',
  u2: 'U16',
  u1: 'U8',
  b1: 'BOOL',
}

const broken = (where: string, what: string): Fault =>
  fault(what, where, 'write the file again with numpy.save')

const dtypeOf = (descr: string, where: string): E.Either<Fault, Dtype> => {
  const [order = '', code = ''] = [descr.slice(0, 1), descr.slice(1)]
  const dtype = Object.hasOwn(codes, code) ? codes[code] : undefined
  if (dtype === undefined || !'<|=>'.includes(order)) {
    return E.left(fault(`dtype '${descr}' is not read`, where, "save it as '<f4' or '<i8'"))
  }
  return order === '>' && bytesPer[dtype] > 1
    ? E.left(fault(`big-endian dtype '${descr}'`, where, `save it with astype('<${code}')`))
    : E.right(dtype)
}

const shapeOf = (inside: string): ReadonlyArray<number> | null => {
  const sizes = inside.split(',').map(size => size.trim())
  if (sizes.at(-1) === '') sizes.pop()
  if (!sizes.every(size => /^\d{1,16}L?$/.test(size))) return null
  return sizes.map(size => Number.parseInt(size, 10))
}

const only = (text: string, pattern: RegExp): string | null => {
  const found = [...text.matchAll(pattern)]
  return found.length === 1 ? (found[0]?.[1] ?? null) : null
}

// The header is a Python dictionary of three entries, such as
// {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }
const parseDictionary = (
  text: string,
  where: string,
): E.Either<Fault, Omit<ArrayPlace, 'offset'>> => {
  const descr = only(text, /['"]descr['"] ?: ?['"]([^'"]{1,16})['"]/g)
  const order = only(text, /['"]fortran_order['"] ?: ?(True|False)/g)
  const inside = only(text, /['"]shape['"] ?: ?\(([^()]{0,1000})\)/g)
  const shape = inside === null ? null : shapeOf(inside)
  if (descr === null && order !== null && shape !== null) {
    return E.left(fault('a structured dtype', where, 'save a plain array of numbers'))
  }
  if (descr === null || order === null || shape === null) {
    return E.left(broken(where, 'the header is not that of a .npy file'))
  }
  if (!Number.isFinite(elements(shape))) return E.left(broken(where, 'the shape is too large'))
  return E.map((dtype: Dtype) => ({ dtype, shape, fortran: order === 'True' }))(
    dtypeOf(descr, where),
  )
}

/** Reads the header from the first bytes of a file (`npyPrefix` of them, or all). */
export const parseNpyHeader = (bytes: Uint8Array, where: string): E.Either<Fault, ArrayPlace> => {
  if (!looksLikeNpy(bytes)) return E.left(broken(where, 'not a .npy file'))
  const version = bytes[6] ?? 0
  if (version < 1 || version > 3)
    return E.left(broken(where, `.npy version ${version} is not read`))
  const start = version === 1 ? 10 : 12
  if (bytes.length < start) return E.left(broken(where, 'the file is truncated in its header'))
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const length = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true)
  if (length > headerLimit) return E.left(broken(where, `a header of ${length} bytes`))
  if (bytes.length < start + length) {
    return E.left(broken(where, 'the file is truncated in its header'))
  }
  const text = new TextDecoder('latin1').decode(bytes.subarray(start, start + length))
  return E.map((found: Omit<ArrayPlace, 'offset'>) => ({ ...found, offset: start + length }))(
    parseDictionary(text, where),
  )
}

/** Puts the elements of a column-major (Fortran order) array into row-major order. */
export const toRowMajor = (
  bytes: Uint8Array,
  shape: ReadonlyArray<number>,
  size: number,
): Uint8Array => {
  const count = elements(shape)
  const out = new Uint8Array(count * size)
  const index = shape.map(() => 0)
  const strides = shape.map((_, axis) => elements(shape.slice(0, axis)))
  for (let to = 0; to < count; to++) {
    const from = index.reduce((at, i, axis) => at + i * (strides[axis] ?? 0), 0)
    for (let b = 0; b < size; b++) out[to * size + b] = bytes[from * size + b] ?? 0
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const next = (index[axis] ?? 0) + 1
      index[axis] = next < (shape[axis] ?? 0) ? next : 0
      if (index[axis] !== 0) break
    }
  }
  return out
}

/** Decodes a whole .npy file; the array comes out row-major. */
export const decodeNpy = (bytes: Uint8Array, where: string): E.Either<Fault, NumberArray> => {
  const parsed = parseNpyHeader(bytes, where)
  if (E.isLeft(parsed)) return parsed
  const { dtype, shape, offset, fortran } = parsed.right
  const length = byteLength(parsed.right)
  if (bytes.length !== offset + length) {
    const state = bytes.length < offset + length ? 'truncated' : 'too long'
    return E.left(
      broken(where, `the file is ${state}: ${bytes.length} bytes, not ${offset + length}`),
    )
  }
  const values = new Uint8Array(bytes.subarray(offset, offset + length))
  return E.right({
    dtype,
    shape,
    bytes: fortran ? toRowMajor(values, shape, bytesPer[dtype]) : values,
  })
}

const codeOf = (dtype: Dtype): string | undefined =>
  Object.entries(codes).find(([, named]) => named === dtype)?.[0]

/** Encodes an array as .npy version 1 (2 where the header is long). Left for BF16, which NumPy
 * does not know. */
export const encodeNpy = ({ dtype, shape, bytes }: NumberArray): E.Either<Fault, Uint8Array> => {
  const code = isDtype(dtype) ? codeOf(dtype) : undefined
  if (code === undefined) return E.left(fault(`${dtype} has no .npy dtype`, '.npy', 'use float32'))
  const order = bytesPer[dtype] === 1 ? '|' : '<'
  const sizes = shape.length === 1 ? `${shape[0]},` : shape.join(', ')
  const text = `{'descr': '${order}${code}', 'fortran_order': False, 'shape': (${sizes}), }`
  const version = text.length > 65_000 ? 2 : 1
  const start = version === 1 ? 10 : 12
  const length = Math.ceil((start + text.length + 1) / 64) * 64 - start
  const out = new Uint8Array(start + length + bytes.length)
  out.set([...magic, version, 0])
  const view = new DataView(out.buffer)
  if (version === 1) view.setUint16(8, length, true)
  else view.setUint32(8, length, true)
  out.set(new TextEncoder().encode(`${text.padEnd(length - 1)}\n`), start)
  out.set(bytes, start + length)
  return E.right(out)
}

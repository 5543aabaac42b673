// Arrays of numbers as files hold them: a dtype, a shape, and little-endian bytes in row-major order.
import * as E from 'fp-ts/Either'
import { type Fault, fault } from '../core/fault.ts'

/** Element types by their safetensors names. */
export type Dtype = keyof typeof bytesPer

/** Bytes of one element. */
export const bytesPer = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  I64: 8,
  I32: 4,
  I16: 2,
  I8: 1,
  U64: 8,
  U32: 4,
  U16: 2,
  U8: 1,
  BOOL: 1,
} as const

/** True for the name of an element type that is read here. */
export const isDtype = (name: string): name is Dtype => Object.hasOwn(bytesPer, name)

/** True for the types that hold fractions. */
export const isFloat = (dtype: Dtype): boolean =>
  dtype === 'F64' || dtype === 'F32' || dtype === 'F16' || dtype === 'BF16'

/** An array in memory: `bytes` little-endian, row-major, exactly as long as the shape says. */
export interface NumberArray {
  readonly dtype: Dtype
  readonly shape: ReadonlyArray<number>
  readonly bytes: Uint8Array
}

/** Where an array lies in a file: `offset` bytes in, row-major unless `fortran`. */
export interface ArrayPlace {
  readonly dtype: Dtype
  readonly shape: ReadonlyArray<number>
  readonly offset: number
  readonly fortran: boolean
}

/** The number of elements of a shape; Infinity where it is past 2^53. */
export const elements = (shape: ReadonlyArray<number>): number => {
  const count = shape.reduce((product, size) => product * size, 1)
  return Number.isSafeInteger(count) ? count : Number.POSITIVE_INFINITY
}

/** The bytes that an array of this type and shape takes. */
export const byteLength = ({ dtype, shape }: Pick<NumberArray, 'dtype' | 'shape'>): number =>
  elements(shape) * bytesPer[dtype]

/** A shape as people write it: [50000, 2048]. */
export const showShape = (shape: ReadonlyArray<number>): string => `[${shape.join(', ')}]`

/** The bytes of a typed array, shared. This code assumes a little-endian machine, as Bun's are. */
export const bytesOf = (view: ArrayBufferView): Uint8Array =>
  new Uint8Array(view.buffer, view.byteOffset, view.byteLength)

/** An F32 array of the given shape. */
export const float32Array = (data: Float32Array, shape: ReadonlyArray<number>): NumberArray => ({
  dtype: 'F32',
  shape,
  bytes: bytesOf(data),
})

/** An F64 array of the given shape. */
export const float64Array = (data: Float64Array, shape: ReadonlyArray<number>): NumberArray => ({
  dtype: 'F64',
  shape,
  bytes: bytesOf(data),
})

/** An I32 array of the given shape. */
export const int32Array = (data: Int32Array, shape: ReadonlyArray<number>): NumberArray => ({
  dtype: 'I32',
  shape,
  bytes: bytesOf(data),
})

/** An I64 array of the given shape. */
export const int64Array = (data: BigInt64Array, shape: ReadonlyArray<number>): NumberArray => ({
  dtype: 'I64',
  shape,
  bytes: bytesOf(data),
})

const half = (bits: number): number => {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 0x1f
  const fraction = bits & 0x3ff
  if (exponent === 0) return sign * fraction * 2 ** -24
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN
  return sign * (1024 + fraction) * 2 ** (exponent - 25)
}

let halves: Float32Array | undefined

/** Every F16 value by its bits: [65536], made on first use. */
export const halfTable = (): Float32Array => {
  halves ??= Float32Array.from({ length: 65536 }, (_, bits) => half(bits))
  return halves
}

/** Copies `count` floats of `bytes` (aligned to their size) into a float array. */
export const copyFloats = (
  dtype: Dtype,
  bytes: Uint8Array,
  count: number,
  to: Float32Array | Float64Array,
): void => {
  const { buffer, byteOffset } = bytes
  if (dtype === 'F64') to.set(new Float64Array(buffer, byteOffset, count))
  else if (dtype === 'F32') to.set(new Float32Array(buffer, byteOffset, count))
  else {
    const words = new Uint16Array(buffer, byteOffset, count)
    if (dtype === 'F16') {
      const table = halfTable()
      for (let i = 0; i < count; i++) to[i] = table[words[i] ?? 0] ?? 0
    } else {
      const bits = new Uint32Array(count)
      for (let i = 0; i < count; i++) bits[i] = (words[i] ?? 0) << 16
      to.set(new Float32Array(bits.buffer))
    }
  }
}

const aligned = (bytes: Uint8Array, size: number): Uint8Array =>
  bytes.byteOffset % size === 0 ? bytes : new Uint8Array(bytes)

/** The numbers of a float array: float64 for F64, float32 (exact) for the rest. Left otherwise. */
export const floatsOf = (
  array: NumberArray,
  where: string,
): E.Either<Fault, Float32Array | Float64Array> => {
  const { dtype, shape } = array
  if (!isFloat(dtype)) {
    return E.left(fault(`${dtype} values where floats are needed`, where, 'save it as float32'))
  }
  const count = elements(shape)
  const to = dtype === 'F64' ? new Float64Array(count) : new Float32Array(count)
  copyFloats(dtype, aligned(array.bytes, bytesPer[dtype]), count, to)
  return E.right(to)
}

const integerView = (dtype: Dtype, bytes: Uint8Array): ArrayLike<number | bigint> | null => {
  const { buffer, byteOffset, byteLength: length } = bytes
  switch (dtype) {
    case 'I64':
      return new BigInt64Array(buffer, byteOffset, length / 8)
    case 'U64':
      return new BigUint64Array(buffer, byteOffset, length / 8)
    case 'I32':
      return new Int32Array(buffer, byteOffset, length / 4)
    case 'U32':
      return new Uint32Array(buffer, byteOffset, length / 4)
    case 'I16':
      return new Int16Array(buffer, byteOffset, length / 2)
    case 'U16':
      return new Uint16Array(buffer, byteOffset, length / 2)
    case 'I8':
      return new Int8Array(buffer, byteOffset, length)
    case 'U8':
    case 'BOOL':
      return bytes
    default:
      return null
  }
}

/** The numbers of an integer array, as float64 (exact below 2^53). Left for floats. */
export const integersOf = (array: NumberArray, where: string): E.Either<Fault, Float64Array> => {
  const view = integerView(array.dtype, aligned(array.bytes, bytesPer[array.dtype]))
  if (view === null) {
    return E.left(
      fault(`${array.dtype} values where whole numbers are needed`, where, 'save it as int64'),
    )
  }
  const to = new Float64Array(view.length)
  for (let i = 0; i < view.length; i++) to[i] = Number(view[i])
  return E.right(to)
}

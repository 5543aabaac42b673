// Abstract values: the dtype and shape of an array, all that is known before a device holds it.
export type DType = 'f32' | 'u32'

/** Dtype and static shape of a row-major contiguous array; `[]` is a scalar. */
export interface Aval {
  readonly dtype: DType
  readonly shape: ReadonlyArray<number>
}

/** The host-side contents of an array, flat and row-major: `Float32Array` for f32, `Uint32Array` for u32. */
export type Data = Float32Array | Uint32Array

/** An f32 array of the given shape. */
export const f32 = (...shape: ReadonlyArray<number>): Aval => ({ dtype: 'f32', shape })

/** A u32 array of the given shape. */
export const u32 = (...shape: ReadonlyArray<number>): Aval => ({ dtype: 'u32', shape })

/** Number of elements. */
export const sizeOf = (aval: Aval): number => aval.shape.reduce((n, s) => n * s, 1)

/** Bytes of the contents, four per element, without padding. */
export const bytesOf = (aval: Aval): number => 4 * sizeOf(aval)

/** Same dtype and same shape. */
export const sameAval = (a: Aval, b: Aval): boolean =>
  a.dtype === b.dtype &&
  a.shape.length === b.shape.length &&
  a.shape.every((s, i) => s === b.shape[i])

/** `f32[128, 784]`, as printed in plans and errors. */
export const showAval = (aval: Aval): string => `${aval.dtype}[${aval.shape.join(', ')}]`

/** Zeroed host contents of the right type and length. */
export const zerosOf = (aval: Aval): Data =>
  aval.dtype === 'f32' ? new Float32Array(sizeOf(aval)) : new Uint32Array(sizeOf(aval))

/** A dimension is a positive whole number below 2^31; shapes with others are refused by `arg`. */
export const isShape = (shape: ReadonlyArray<number>): boolean =>
  shape.every(s => Number.isInteger(s) && s > 0 && s < 2 ** 31)

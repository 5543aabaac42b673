// Weights: arrays by PyTorch's names as float32, whatever their file held, and back to .safetensors.
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import type { Fault } from '../core/fault.ts'
import {
  type Dtype,
  elements,
  float32Array,
  floatsOf,
  integersOf,
  int64Array,
  isFloat,
  type NumberArray,
} from './number-array.ts'
import { encodeSafetensors } from './safetensors.ts'

/** One array: PyTorch's shape and layout, row-major values, and the element type that the file had. */
export interface Weight {
  readonly shape: ReadonlyArray<number>
  readonly data: Float32Array
  readonly dtype: Dtype
}

/** Arrays by name. */
export type Weights = ReadonlyMap<string, Weight>

const valuesOf = (array: NumberArray, where: string): E.Either<Fault, Float32Array> => {
  const { dtype, shape, bytes } = array
  if (dtype === 'F32' && bytes.byteOffset % 4 === 0) {
    return E.right(new Float32Array(bytes.buffer, bytes.byteOffset, elements(shape)))
  }
  const numbers = isFloat(dtype) ? floatsOf(array, where) : integersOf(array, where)
  return E.map((values: Float32Array | Float64Array) =>
    values instanceof Float32Array ? values : Float32Array.from(values),
  )(numbers)
}

/** An array as float32: halves exactly, doubles rounded, integers as numbers. Aligned F32 shares its bytes. */
export const weightOf = (array: NumberArray, where: string): E.Either<Fault, Weight> =>
  pipe(
    valuesOf(array, where),
    E.map(data => ({ shape: array.shape, data, dtype: array.dtype })),
  )

/** All arrays as weights. */
export const weightsOf = (
  arrays: Iterable<readonly [string, NumberArray]>,
  where: string,
): E.Either<Fault, Weights> =>
  pipe(
    [...arrays],
    E.traverseArray(([name, array]) =>
      pipe(
        weightOf(array, `${where}, ${name}`),
        E.map(weight => [name, weight] as const),
      ),
    ),
    E.map(entries => new Map(entries)),
  )

const wrappers = ['module.', '_orig_mod.']

/**
 * The names without the prefix that DataParallel (`module.`) or torch.compile (`_orig_mod.`) put before every one of
 * them; other names are left as they are.
 */
export const unwrapNames = <A>(weights: ReadonlyMap<string, A>): ReadonlyMap<string, A> => {
  const names = [...weights.keys()]
  const prefix = wrappers.find(
    wrapper => names.length > 0 && names.every(name => name.startsWith(wrapper)),
  )
  return prefix === undefined
    ? weights
    : unwrapNames(new Map([...weights].map(([name, a]) => [name.slice(prefix.length), a])))
}

const arrayOf = ({ shape, data, dtype }: Weight): NumberArray =>
  dtype === 'I64'
    ? int64Array(
        BigInt64Array.from(data, n => BigInt(Math.trunc(n))),
        shape,
      )
    : float32Array(data, shape)

/**
 * The weights as a .safetensors file that PyTorch loads strictly: F32 under their names, I64 (`num_batches_tracked`)
 * as I64. Left where an array does not fit its shape.
 */
export const encodeWeights = (
  weights: Weights,
  metadata: Readonly<Record<string, string>> = { format: 'pt' },
): E.Either<Fault, Uint8Array> =>
  encodeSafetensors({
    arrays: new Map(Array.from(weights, ([name, weight]) => [name, arrayOf(weight)])),
    metadata,
  })

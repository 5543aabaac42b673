// Feature files for tests, written to a temporary folder in each of the formats.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { zipSync } from 'fflate'
import { encodeNpy } from '../../src/codec/npy.ts'
import {
  bytesOf,
  float64Array,
  int64Array,
  type NumberArray,
} from '../../src/codec/number-array.ts'
import { encodeSafetensors } from '../../src/codec/safetensors.ts'
import { right } from './either.ts'
import type { Sample } from './features.ts'

/** Arrays of a file by name. */
export type NamedArrays = Readonly<Record<string, NumberArray>>

/** A temporary folder with writers for it; `remove` it at the end. */
export interface Folder {
  readonly path: (name: string) => string
  readonly bytes: (name: string, bytes: Uint8Array | string) => string
  readonly npy: (name: string, array: NumberArray) => string
  readonly npz: (name: string, arrays: NamedArrays, level?: 0 | 6) => string
  readonly safetensors: (name: string, arrays: NamedArrays) => string
  readonly remove: () => void
}

/** Makes a folder; every writer returns the path of what it wrote. */
export const makeFolder = (): Folder => {
  const folder = mkdtempSync(join(tmpdir(), 'collapse-test-'))
  const path = (name: string) => join(folder, name)
  const bytes = (name: string, content: Uint8Array | string) => {
    writeFileSync(path(name), content)
    return path(name)
  }
  const npy = (array: NumberArray) => right(encodeNpy(array))
  return {
    path,
    bytes,
    npy: (name, array) => bytes(name, npy(array)),
    npz: (name, arrays, level = 0) => {
      const files = Object.entries(arrays).map(([key, array]) => [`${key}.npy`, npy(array)])
      return bytes(name, zipSync(Object.fromEntries(files), { level }))
    },
    safetensors: (name, arrays) => {
      const whole = { arrays: new Map(Object.entries(arrays)), metadata: {} }
      return bytes(name, right(encodeSafetensors(whole)))
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** The arrays `features` (F64 or F32) and `labels` (I64) of a sample. */
export const arraysOfSample = (sample: Sample): { features: NumberArray; labels: NumberArray } => {
  const { data, n, d } = sample.features
  const shape = [n, d]
  return {
    features:
      data instanceof Float64Array
        ? float64Array(data, shape)
        : { dtype: 'F32', shape, bytes: bytesOf(data) },
    labels: int64Array(BigInt64Array.from(sample.labels, BigInt), [n]),
  }
}

/** A column-major .npy file of F32 or F64 features. */
export const fortranNpy = (sample: Sample): Uint8Array => {
  const { data, n, d } = sample.features
  const columns = data.map((_, at) => data[(at % n) * d + Math.floor(at / n)] ?? 0)
  const flat = arraysOfSample({ ...sample, features: { data: columns, n, d } }).features
  const plain = right(encodeNpy(flat))
  const text = new TextDecoder('latin1').decode(plain.subarray(10, 128))
  const swapped = text.replace("'fortran_order': False", "'fortran_order': True ")
  plain.set(new TextEncoder().encode(swapped), 10)
  return plain
}

// Random contents of operands, the same in every run.
import { type Aval, type Data, showAval, sizeOf } from '../../src/core/aval.ts'
import { normals, uniforms } from '../../src/core/random.ts'

/**
 * What an operand holds: f32 uniform in [low, high), whole numbers below `below` (f32 or u32), or what a function gives
 * for the operand's shape. Left out: standard normal f32, and u32 that are all zero.
 */
export type Contents =
  | { readonly low: number; readonly high: number }
  | { readonly below: number }
  | ((aval: Aval) => Data)

const drawn = (contents: Contents | undefined, aval: Aval, key: string): (() => number) => {
  if (contents === undefined) return aval.dtype === 'f32' ? normals(1, key) : () => 0
  const next = uniforms(1, key)
  if (typeof contents === 'function') {
    const given = contents(aval)
    let i = 0
    return () => given[i++] ?? 0
  }
  return 'below' in contents
    ? () => Math.floor(next() * contents.below)
    : () => contents.low + next() * (contents.high - contents.low)
}

/** Fills an array; `key` seeds it. */
export const contentsOf = (contents: Contents | undefined, aval: Aval, key: string): Data => {
  const next = drawn(contents, aval, `${key} ${showAval(aval)}`)
  const values = { length: sizeOf(aval) }
  return aval.dtype === 'f32' ? Float32Array.from(values, next) : Uint32Array.from(values, next)
}

// Parts: how an array that is more than a device can bind falls into ranges of its rows. Planner and store agree by this.
import { type Aval, bytesOf } from '../core/aval.ts'
import type { Target } from '../core/dispatch.ts'
import { boundBytes } from './place.ts'

/** Rows, or granules, `from` to `to`, the latter not included. */
export interface Range {
  readonly from: number
  readonly to: number
}

/** Most bytes of one array on a device. */
export const limitOf = ({ limits }: Target): number =>
  Math.min(limits.maxBindingBytes, limits.maxBufferBytes)

/** Is an array more than the device can bind? */
export const isLarge = (aval: Aval, limit: number): boolean => boundBytes(bytesOf(aval)) > limit

/** Length of the first axis; 1 for a scalar. */
export const leading = ({ shape: [rows = 1] }: Aval): number => rows

/** The same array with another number of rows. */
export const withRows = (aval: Aval, rows: number): Aval => ({
  ...aval,
  shape: [rows, ...aval.shape.slice(1)],
})

/** Length of the last axis; 1 for a scalar. */
export const trailing = ({ shape }: Aval): number => shape.at(-1) ?? 1

/** The same array with another number of columns. */
export const withColumns = (aval: Aval, columns: number): Aval => ({
  ...aval,
  shape: [...aval.shape.slice(0, -1), columns],
})

/** `n` things in ranges of `size`, the last may be shorter. */
export const ranges = (n: number, size: number): ReadonlyArray<Range> =>
  Array.from({ length: Math.ceil(n / size) }, (_, i) => ({
    from: i * size,
    to: Math.min(n, (i + 1) * size),
  }))

/** The size of ranges, as even as can be, of `n` things of so many bytes each; 0 where one alone is past the limit. */
export const evenSize = (n: number, bytes: number, limit: number): number => {
  const most = Math.floor((limit - (limit % 16)) / bytes)
  return most === 0 ? 0 : Math.ceil(n / Math.ceil(n / most))
}

/** A part of an argument: the name of its buffer in the store, its shape and its rows. */
export interface ArgumentPart extends Range {
  readonly name: string
  readonly aval: Aval
}

/**
 * The buffers that hold an argument: one of its own name where it fits, else several of whole rows. One, too, where a row
 * alone does not fit: such an argument cannot be stored.
 */
export const argumentParts = (
  name: string,
  aval: Aval,
  target: Target,
): ReadonlyArray<ArgumentPart> => {
  const limit = limitOf(target)
  const rows = leading(aval)
  const size = evenSize(rows, bytesOf(aval) / rows, limit)
  return !isLarge(aval, limit) || size === 0
    ? [{ name, aval, from: 0, to: rows }]
    : ranges(rows, size).map(({ from, to }) => ({
        name: `${name}[${from}..${to}]`,
        aval: withRows(aval, to - from),
        from,
        to,
      }))
}

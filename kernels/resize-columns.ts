// Columns cut out, or zeros set around them, so that features of another width can be added; each is the other's gradient.
import * as E from 'fp-ts/Either'
import { type Aval, sizeOf } from '../src/core/aval.ts'
import { input, output, word } from '../src/core/dispatch.ts'
import { apply, defineOp, type Op } from '../src/core/op.ts'
import source from '../shaders/resize-columns.wgsl' with { type: 'text' }
import { chunked, overChunks } from './columns.ts'
import { cutAbove } from './cuts.ts'
import { elementsFor } from './elements.ts'
import { type Flat, hostKernel, none } from './gpu-js.ts'
import { operand, pull, widthOf } from './shapes.ts'

/** Columns of the result; and the column of the wider array at which the narrower one starts, 0 where left out. */
export interface Columns {
  readonly width: number
  readonly start?: number
}

const kernel = hostKernel(function (x: Flat, from: number, to: number, shift: number) {
  const column = this.thread.x % to
  const row = (this.thread.x - column) / to
  const source = column + shift
  return source >= 0 && source < from ? (x[row * from + source] ?? 0) : 0
})

interface Resize {
  readonly name: string
  readonly wants: string
  readonly fits: (from: number, to: number, start: number) => boolean
  /** The column of x that becomes column 0 of the result. */
  readonly shift: (start: number) => number
  readonly inverse: () => Op<Columns>
}

const isWhole = (n: number): boolean => Number.isInteger(n) && n >= 0

const resized = (x: Aval, width: number): Aval => ({
  ...x,
  shape: [...x.shape.slice(0, -1), width],
})

const resize = ({ name, wants, fits, shift, inverse }: Resize): Op<Columns> => ({
  name,
  split: cutAbove(['rows'], ['rows']),
  infer: ([x, ...more], { width, start = 0 }) =>
    x?.dtype === 'f32' &&
    x.shape.length > 0 &&
    isWhole(start) &&
    isWhole(width) &&
    width > 0 &&
    fits(widthOf(x), width, start) &&
    more.length === 0
      ? E.right([resized(x, width)])
      : E.left(`needs x f32[.., D] and ${wants}, given width ${width} and start ${start}`),
  lower: ({ attrs: { start = 0 }, ins, outs }, target) => {
    const [before, y] = [widthOf(operand(ins, 0)), operand(outs, 0)]
    const elements = elementsFor(before, widthOf(y), start)
    const move = {
      label: name,
      shader: source,
      bindings: [input(0), output()],
      params: [word(before / elements.size), word((shift(start) / elements.size) >>> 0)],
    }
    return [overChunks(chunked('map', y, target, elements), move, target)]
  },
  vjp: ({ attrs, ins }, cotangents) =>
    pull(cotangents, apply(inverse(), { ...attrs, width: widthOf(operand(ins, 0)) })),
  oracle: ([x = none], { attrs: { start = 0 }, ins, outs }) => {
    const [before, y] = [widthOf(operand(ins, 0)), operand(outs, 0)]
    return [kernel(sizeOf(y), x, before, widthOf(y), shift(start))]
  },
})

/** x [.., D] -> [.., width] with zeros around every row, which starts at column `start`; start + D <= width. */
export const padColumns: Op<Columns> = defineOp(
  resize({
    name: 'padColumns',
    wants: 'a width of at least start + D',
    fits: (from, to, start) => start + from <= to,
    shift: start => -start,
    inverse: () => sliceColumns,
  }),
)

/** x [.., D] -> [.., width], the columns from `start` of every row; start + width <= D. */
export const sliceColumns: Op<Columns> = defineOp(
  resize({
    name: 'sliceColumns',
    wants: 'start + width of at most D',
    fits: (from, to, start) => start + to <= from,
    shift: start => start,
    inverse: () => padColumns,
  }),
)

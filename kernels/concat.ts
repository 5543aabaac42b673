// Arrays side by side along the last axis; the gradient of each is its slice.
import * as E from 'fp-ts/Either'
import { type Aval, f32, sizeOf } from '../src/core/aval.ts'
import { input, output, word } from '../src/core/dispatch.ts'
import { apply, defineOp, type Op } from '../src/core/op.ts'
import source from '../shaders/place-columns.wgsl' with { type: 'text' }
import { chunked, overChunks } from './columns.ts'
import { cutAll } from './cuts.ts'
import { elementsFor } from './elements.ts'
import { type Flat, hostKernel } from './gpu-js.ts'
import { sliceColumns } from './resize-columns.ts'
import { operand, pull, widthOf } from './shapes.ts'

const sameRows = (a: Aval, b: Aval): boolean =>
  a.shape.length === b.shape.length && a.shape.slice(0, -1).every((side, i) => side === b.shape[i])

/** The column at which each operand starts. */
const startsOf = (ins: ReadonlyArray<Aval>): ReadonlyArray<number> =>
  ins.map((_, i) => ins.slice(0, i).reduce((sum, x) => sum + widthOf(x), 0))

const place = hostKernel(function (
  y: Flat,
  x: Flat,
  width: number,
  columns: number,
  start: number,
) {
  const c = this.thread.x % width
  const row = (this.thread.x - c) / width
  return c >= start && c < start + columns
    ? (x[row * columns + c - start] ?? 0)
    : (y[this.thread.x] ?? 0)
})

/** (x1 [.., D1], .., xk [.., Dk]) -> [.., D1 + .. + Dk]; at least one array, alike but for the last axis. */
export const concat: Op<null> = defineOp({
  name: 'concat',
  split: site => (operand(site.ins, 0).shape.length > 1 ? cutAll(site) : []),
  infer: ins => {
    const first = operand(ins, 0)
    const width = ins.reduce((sum, x) => sum + widthOf(x), 0)
    return first.shape.length > 0 && ins.every(x => x.dtype === 'f32' && sameRows(x, first))
      ? E.right([f32(...first.shape.slice(0, -1), width)])
      : E.left('needs f32 arrays that are alike but for the last axis')
  },
  lower: ({ ins, outs }, target) => {
    const width = widthOf(operand(outs, 0))
    const starts = startsOf(ins)
    return ins.map((x, i) => {
      const start = starts[i] ?? 0
      const elements = elementsFor(widthOf(x), width, start)
      const move = {
        label: 'concat',
        shader: source,
        bindings: [input(i), output()],
        params: [word(width / elements.size), word(start / elements.size)],
      }
      return overChunks(chunked('map', x, target, elements), move, target)
    })
  },
  vjp: ({ ins }, cotangents) => {
    const starts = startsOf(ins)
    return pull(
      cotangents,
      ...ins.map((x, i) => apply(sliceColumns, { width: widthOf(x), start: starts[i] ?? 0 })),
    )
  },
  oracle: (data, { ins, outs }) => {
    const y = operand(outs, 0)
    const starts = startsOf(ins)
    const placed = data.reduce<Flat>(
      (old, x, i) => place(sizeOf(y), old, x, widthOf(y), widthOf(operand(ins, i)), starts[i] ?? 0),
      new Float32Array(sizeOf(y)),
    )
    return [placed]
  },
})

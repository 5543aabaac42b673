// The mean of each image's places or of each sequence's tokens (adaptive average pooling to 1 x 1), and its gradient.
import * as E from 'fp-ts/Either'
import { type Aval, f32, isShape, sameAval, sizeOf } from '../src/core/aval.ts'
import {
  type Dispatch,
  groupsFor,
  input,
  output,
  type Ref,
  real,
  scratch,
  type Target,
  word,
} from '../src/core/dispatch.ts'
import { apply, defineOp, noGradient, type Op } from '../src/core/op.ts'
import divide from '../shaders/divide.wgsl' with { type: 'text' }
import source from '../shaders/mean-pool.wgsl' with { type: 'text' }
import gradSource from '../shaders/mean-pool-grad.wgsl' with { type: 'text' }
import { cutAll, cutShaped } from './cuts.ts'
import { elementsFor } from './elements.ts'
import { type Flat, hostKernel, none } from './gpu-js.ts'
import { eachFor, lanesFor } from './lanes.ts'
import type { Shape } from './reshape.ts'
import { operand, pull, rowsOf, widthOf } from './shapes.ts'

const kernel = hostKernel(function (x: Flat, rows: number, width: number) {
  const c = this.thread.x % width
  const start = ((this.thread.x - c) / width) * rows
  let sum = 0
  for (let r = 0; r < rows; r++) {
    sum += x[(start + r) * width + c] ?? 0
  }
  return sum / rows
})

const gradKernel = hostKernel(function (dy: Flat, rows: number, width: number) {
  const c = this.thread.x % width
  const segment = Math.floor((this.thread.x - c) / width / rows)
  return (dy[segment * width + c] ?? 0) / rows
})

const isStacked = (x: Aval | undefined): x is Aval => x?.dtype === 'f32' && x.shape.length > 2

const pooledOf = ({ shape: [batch = 1] }: Aval, width: number): Aval => f32(batch, width)

/** The largest divisor of n that is at most its root. */
const divisor = (n: number): number => {
  let d = Math.floor(Math.sqrt(n))
  while (n % d > 0) d -= 1
  return d
}

interface Pass {
  readonly from: Ref
  readonly to: Ref
  readonly segments: number
  readonly rows: number
  readonly scale: number
}

const sums = (
  { from, to, segments, rows, scale }: Pass,
  width: number,
  target: Target,
): Dispatch => {
  const elements = elementsFor(width)
  const columns = width / elements.size
  const [LANES, EACH] = [lanesFor(target), eachFor(width, target)]
  return {
    label: 'meanPool',
    shader: elements.shader(source) + divide,
    constants: { LANES, EACH },
    uniform: [word(segments), word(rows), word(columns), real(scale)],
    bindings: [from, to],
    workgroups: groupsFor(Math.ceil((segments * columns) / EACH / LANES), target),
  }
}

/** x [B, .., C] -> [B, C], the mean over everything between; summed in a fixed order. */
export const meanPool: Op<null> = defineOp({
  name: 'meanPool',
  split: cutAll,
  infer: ([x, ...more]) =>
    isStacked(x) && more.length === 0
      ? E.right([pooledOf(x, widthOf(x))])
      : E.left('needs one array f32[B, .., C]'),
  lower: ({ ins, outs }, target) => {
    const [width, segments] = [widthOf(operand(ins, 0)), rowsOf(operand(outs, 0))]
    const rows = rowsOf(operand(ins, 0)) / segments
    const parts = rows < 64 ? 1 : divisor(rows)
    const last = { to: output(), segments, scale: 1 / rows }
    if (parts === 1) return [sums({ ...last, from: input(0), rows }, width, target)]
    const part = scratch(0, 4 * segments * parts * width)
    const first = { from: input(0), to: part, segments: segments * parts, rows: rows / parts }
    return [
      sums({ ...first, scale: 1 }, width, target),
      sums({ ...last, from: part, rows: parts }, width, target),
    ]
  },
  vjp: ({ ins }, cotangents) =>
    pull(cotangents, apply(meanPoolGrad, { shape: operand(ins, 0).shape })),
  oracle: ([x = none], { ins, outs }) => {
    const y = operand(outs, 0)
    return [kernel(sizeOf(y), x, rowsOf(operand(ins, 0)) / rowsOf(y), widthOf(y))]
  },
})

/** dy [B, C] -> [B, .., C] of `shape`: every place's share of the mean. */
export const meanPoolGrad: Op<Shape> = defineOp({
  name: 'meanPoolGrad',
  split: cutShaped(() => meanPoolGrad),
  infer: ([dy, ...more], { shape }) =>
    isShape(shape) &&
    isStacked(f32(...shape)) &&
    dy !== undefined &&
    sameAval(dy, pooledOf(f32(...shape), shape.at(-1) ?? 1)) &&
    more.length === 0
      ? E.right([f32(...shape)])
      : E.left('needs dy f32[B, C] and a shape [B, .., C]'),
  lower: ({ ins, outs }, target) => {
    const elements = elementsFor(widthOf(operand(outs, 0)))
    const columns = widthOf(operand(outs, 0)) / elements.size
    const segments = rowsOf(operand(ins, 0))
    const rows = rowsOf(operand(outs, 0)) / segments
    const chunk = Math.min(rows, 16)
    const chunks = Math.ceil(rows / chunk)
    return [
      {
        label: 'meanPoolGrad',
        shader: elements.shader(gradSource) + divide,
        constants: {},
        uniform: [
          ...[segments, rows, columns].map(word),
          real(1 / rows),
          ...[chunk, chunks].map(word),
        ],
        bindings: [input(0), output()],
        workgroups: groupsFor(Math.ceil((segments * chunks * columns) / 64), target),
      },
    ]
  },
  vjp: noGradient,
  oracle: ([dy = none], { ins, outs }) => {
    const dx = operand(outs, 0)
    return [gradKernel(sizeOf(dx), dy, rowsOf(dx) / rowsOf(operand(ins, 0)), widthOf(dx))]
  },
})

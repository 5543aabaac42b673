// Multiplication by a scalar on the device, and the dot product that is its gradient.
import * as E from 'fp-ts/Either'
import { f32, sizeOf } from '../src/core/aval.ts'
import { groupsFor, input, output, scratch, word } from '../src/core/dispatch.ts'
import { apply, at, defineOp, type Op } from '../src/core/op.ts'
import dotSource from '../shaders/dot.wgsl' with { type: 'text' }
import source from '../shaders/scale-by.wgsl' with { type: 'text' }
import { cut } from './cuts.ts'
import { type Flat, hostKernel, none } from './gpu-js.ts'
import { overVec4s } from './pointwise.ts'
import { chunkSumShader, chunksOf, sumInto } from './reduce.ts'
import { allAlike, isVector, operand, pull } from './shapes.ts'

const scaled = hostKernel(function (x: Flat, s: Flat) {
  return (s[0] ?? 0) * (x[this.thread.x] ?? 0)
})

const product = hostKernel(function (a: Flat, b: Flat, size: number) {
  let sum = 0
  for (let i = this.thread.x; i < size; i += this.output.x) {
    sum += (a[i] ?? 0) * (b[i] ?? 0)
  }
  return sum
})

/** (x, s f32[1]) -> s x. */
export const scaleBy: Op<null> = defineOp({
  name: 'scaleBy',
  split: cut(['rows', 'whole'], ['rows']),
  infer: ([x, s, ...more]) =>
    x?.dtype === 'f32' && isVector(s, 'f32', 1) && more.length === 0
      ? E.right([x])
      : E.left('needs x f32[..] and s f32[1]'),
  lower: ({ ins }, target) => [
    overVec4s(operand(ins, 0), target, {
      label: 'scaleBy',
      shader: source,
      bindings: [input(0), input(1), output()],
    }),
  ],
  vjp: ({ args }, cotangents) =>
    pull(
      cotangents,
      ct => apply(scaleBy, null)(ct, at(args, 1)),
      ct => apply(dot, null)(ct, at(args, 0)),
    ),
  oracle: ([x = none, s = none]) => [scaled(x.length, x, s)],
})

/** (a, b of one shape) -> f32[1], the sum of all a b. */
export const dot: Op<null> = defineOp({
  name: 'dot',
  split: cut(['rows', 'rows'], ['sum']),
  infer: ins => E.Functor.map(allAlike(2)(ins), () => [f32(1)]),
  lower: ({ ins }, target) => {
    const size = sizeOf(operand(ins, 0))
    const { chunk, chunks } = chunksOf(size)
    const to = chunks === 1 ? output() : scratch(0, 4 * chunks)
    const products = {
      label: 'dot',
      shader: chunkSumShader(dotSource),
      constants: {},
      uniform: [word(size), word(chunk)],
      bindings: [input(0), input(1), to],
      workgroups: groupsFor(chunks, target),
    }
    return chunks === 1 ? [products] : [products, ...sumInto(to, output(), chunks, 1, target)]
  },
  vjp: ({ args }, cotangents) =>
    pull(
      cotangents,
      ct => apply(scaleBy, null)(at(args, 1), ct),
      ct => apply(scaleBy, null)(at(args, 0), ct),
    ),
  oracle: ([a = none, b = none]) => [product(1, a, b, a.length)],
})

// Dropout by counters: which elements fall follows from seed, step, key and place alone, so backward draws them again.
import * as E from 'fp-ts/Either'
import { sizeOf } from '../src/core/aval.ts'
import { input, output, real, word } from '../src/core/dispatch.ts'
import { apply, at, defineOp, type Op, primitive } from '../src/core/op.ts'
import source from '../shaders/dropout.wgsl' with { type: 'text' }
import { type Flat, hostKernel, none } from './gpu-js.ts'
import { overVec4s } from './pointwise.ts'
import { isVector, operand, pull } from './shapes.ts'

/**
 * The share of elements that fall, in [0, 1), and a whole number that tells one dropout of a network from another; `first`
 * is the place of the first element in the array that x is a part of, 0 where left out.
 */
export interface Dropout {
  readonly rate: number
  readonly key: number
  readonly first?: number
}

/** Elements whose 32 random bits are below this fall. */
const thresholdOf = ({ rate }: Dropout): number => Math.floor(rate * 2 ** 32)

const kernel = hostKernel(function (
  x: Flat,
  random: Flat,
  key: number,
  threshold: number,
  scale: number,
  first: number,
) {
  let stream = 0
  for (let k = 0; k < 3; k++) {
    const given = k === 0 ? key : (random[2 - k] ?? 0)
    let z = (stream + given) >>> 0
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad)
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97)
    stream = (z ^ (z >>> 15)) >>> 0
  }
  let bits = (this.thread.x + first) >>> 0
  for (let k = 0; k < 2; k++) {
    let z = (bits + k * stream) >>> 0
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad)
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97)
    bits = (z ^ (z >>> 15)) >>> 0
  }
  return bits >= threshold ? scale * (x[this.thread.x] ?? 0) : 0
})

/**
 * (x, random u32[2] = [seed, step]) -> x / (1 - rate) where it is kept and 0 where it falls, each element by itself. The
 * same random numbers, key and shape drop the same elements.
 */
export const dropout: Op<Dropout> = defineOp({
  name: 'dropout',
  split: ({ attrs, ins }) => [
    {
      ins: ['rows', 'whole'],
      outs: ['rows'],
      part: ({ from, of }) => {
        const before = (sizeOf(operand(ins, 0)) / of) * from
        return primitive(dropout, { ...attrs, first: (attrs.first ?? 0) + before })
      },
    },
  ],
  infer: ([x, random, ...more], { rate }) =>
    x?.dtype === 'f32' && isVector(random, 'u32', 2) && rate >= 0 && rate < 1 && more.length === 0
      ? E.right([x])
      : E.left(`needs x f32, random u32[2] and a rate in [0, 1), given ${rate}`),
  lower: ({ attrs, ins }, target) => [
    overVec4s(operand(ins, 0), target, {
      label: 'dropout',
      shader: source,
      params: [
        word(attrs.key),
        word(thresholdOf(attrs)),
        real(1 / (1 - attrs.rate)),
        word(attrs.first ?? 0),
      ],
      bindings: [input(0), input(1), output()],
    }),
  ],
  vjp: ({ attrs, args }, cotangents) =>
    pull(cotangents, ct => apply(dropout, attrs)(ct, at(args, 1)), null),
  oracle: ([x = none, random = none], { attrs }) => [
    kernel(
      x.length,
      x,
      random,
      attrs.key,
      thresholdOf(attrs),
      1 / (1 - attrs.rate),
      attrs.first ?? 0,
    ),
  ],
})

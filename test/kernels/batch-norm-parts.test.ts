// Batch norm in steps: each by itself, and moments of a batch as those of its two parts joined.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { batchMoments, batchNormInputGrad, joinMoments } from '../../kernels/batch-norm-parts.ts'
import { batchNormGrad } from '../../kernels/batch-norm.ts'
import { f32 } from '../../src/core/aval.ts'
import { checkOp } from '../support/check-op.ts'
import { differsAt } from '../support/close-to.ts'
import { contentsOf } from '../support/contents.ts'

const positive = { low: 0.5, high: 2 }
const weights = { below: 2 }

checkOp(batchMoments, {
  attrs: null,
  shapes: [
    [f32(1, 1), f32(1)],
    [f32(5, 3, 3, 7), f32(5)],
    [f32(33, 64), f32(33)],
  ],
  operands: [undefined, weights],
  gradients: [],
})

checkOp(joinMoments, {
  attrs: null,
  shapes: [1, 4, 255, 1025].map(c => [f32(c), f32(c), f32(1), f32(c), f32(c), f32(1)]),
  operands: [undefined, positive, { below: 50 }, undefined, positive, { below: 50 }],
  gradients: [],
})

for (const attrs of [{ eps: 1e-5 }, { eps: 1e-3, activation: 'relu6' as const }]) {
  const vectors = (c: number, n: number) => Array.from({ length: n }, () => f32(c))
  checkOp(batchNormInputGrad, {
    attrs,
    shapes: [
      [f32(5, 3, 7), f32(5, 3, 7), ...vectors(7, 4), f32(5), f32(1), ...vectors(7, 2)],
      [f32(9, 64), f32(9, 64), ...vectors(64, 4), f32(9), f32(1), ...vectors(64, 2)],
    ],
    operands: [
      undefined,
      undefined,
      positive,
      undefined,
      undefined,
      positive,
      weights,
      () => Float32Array.of(4),
    ],
    gradients: [],
  })
}

const test = suite('batch norm in steps')

test('moments of two parts join to those of the whole, one of them masked in full too', () => {
  const x = contentsOf(undefined, f32(6, 2, 3), 'x')
  for (const mask of [
    [1, 0, 1, 1, 1, 1],
    [0, 0, 1, 1, 0, 1],
    [1, 1, 0, 0, 0, 0],
    [0, 0, 0, 0, 0, 0],
  ]) {
    const site = (n: number) => ({ attrs: null, ins: [f32(n, 2, 3), f32(n)], outs: [] })
    const of = (from: number, to: number) =>
      batchMoments.oracle(
        [x.slice(6 * from, 6 * to), Float32Array.from(mask.slice(from, to))],
        site(to - from),
      )
    const joined = joinMoments.oracle([...of(0, 2), ...of(2, 6)], {
      attrs: null,
      ins: [],
      outs: [],
    })
    of(0, 6).forEach((wanted, port) => {
      assert.is(differsAt(joined[port] ?? new Float32Array(0), wanted, 1e-6), null)
    })
  }
})

test('the input gradient is that of batchNormGrad with its own sums', () => {
  const ins = [f32(4, 5), f32(4, 5), f32(5), f32(5), f32(5), f32(5), f32(4), f32(1)]
  const data = ins.map((aval, i) => contentsOf(i === 5 ? positive : undefined, aval, `${i}`))
  const given = [...data.slice(0, 6), Float32Array.of(1, 0, 1, 1), Float32Array.of(3)]
  const attrs = { eps: 1e-5, activation: 'relu' } as const
  const [dx = new Float32Array(0), ...sums] = batchNormGrad.oracle(given, { attrs, ins, outs: [] })
  const [found = new Float32Array(0)] = batchNormInputGrad.oracle([...given, ...sums], {
    attrs,
    ins: [...ins, f32(5), f32(5)],
    outs: [],
  })
  assert.is(differsAt(found, dx, 0), null)
})

test.run()

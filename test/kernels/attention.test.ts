// attention: shaders and gradients over tokens and heads, large scores, against the plain formula by hand.
import * as E from 'fp-ts/Either'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { attention } from '../../kernels/attention.ts'
import { f32 } from '../../src/core/aval.ts'
import { checkOp } from '../support/check-op.ts'

const check = (heads: number, ...shapes: ReadonlyArray<readonly [number, number, number]>): void =>
  checkOp(attention, {
    attrs: { heads },
    shapes: shapes.map(([batch, tokens, width]) => [f32(batch, tokens, 3 * width)]),
    ports: [0],
    families: ['tiled'],
  })

check(1, [1, 1, 4], [2, 3, 8], [1, 9, 4])
check(2, [2, 5, 16], [1, 33, 8])
check(3, [1, 8, 96])
check(12, [1, 7, 768])
check(1, [1, 5, 128])

checkOp(attention, {
  attrs: { heads: 2 },
  shapes: [[f32(2, 50, 384)], [f32(1, 145, 48)]],
  operands: [{ low: -3, high: 3 }],
  gradients: [],
  families: ['tiled'],
})
checkOp(attention, {
  attrs: { heads: 1 },
  shapes: [[f32(1, 6, 12)]],
  operands: [{ low: -20, high: 20 }],
  tolerance: 1e-4,
  gradients: [],
})

const test = suite('attention')

test('mixes values by the softmax of scaled products', () => {
  const tokens = [
    [1, 0, 0, 0, 2, 0, 0, 0, 1, 2, 3, 4],
    [0, 0, 0, 0, 0, 0, 0, 0, 5, 6, 7, 8],
  ]
  const [y, lse] = attention.oracle([Float32Array.from(tokens.flat())], {
    attrs: { heads: 1 },
    ins: [f32(1, 2, 12)],
    outs: [],
  })
  const share = Math.E / (Math.E + 1)
  const mixed = [0, 1, 2, 3].map(c => share * (c + 1) + (1 - share) * (c + 5))
  for (const [i, e] of [...mixed, 3, 4, 5, 6].entries()) {
    assert.ok(Math.abs((y?.[i] ?? 0) - e) < 1e-6)
  }
  assert.ok(Math.abs((lse?.[0] ?? 0) - Math.log(Math.E + 1)) < 1e-6)
})

test('refuses widths that the heads cannot share in fours', () => {
  assert.ok(E.isLeft(attention.infer([f32(1, 2, 18)], { heads: 1 })))
  assert.ok(E.isLeft(attention.infer([f32(1, 2, 12)], { heads: 2 })))
  assert.ok(E.isRight(attention.infer([f32(1, 2, 24)], { heads: 2 })))
})

test.run()

// meter: loss, hits and weights added up, at several batch sizes; ties count as torch.argmax does.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { meter } from '../../kernels/meter.ts'
import { f32, u32 } from '../../src/core/aval.ts'
import { checkOp } from '../support/check-op.ts'

const site = (batch: number, classes: number) => [
  f32(3),
  f32(1),
  f32(batch, classes),
  u32(batch),
  f32(batch),
]

for (const [batch, classes] of [
  [1, 1],
  [63, 5],
  [129, 10],
  [7, 300],
] as const) {
  checkOp(meter, {
    attrs: null,
    shapes: [site(batch, classes)],
    operands: [{ low: 0, high: 100 }, undefined, { below: 4 }, { below: classes }, { below: 2 }],
    gradients: [],
  })
}

const test = suite('meter')

test('counts a tie for the lowest class and no row of weight zero', () => {
  const [next] = meter.oracle(
    [
      Float32Array.of(1, 2, 3),
      Float32Array.of(0.5),
      Float32Array.of(4, 4, 4, 4, 0, 9),
      Uint32Array.of(0, 1, 1),
      Float32Array.of(1, 1, 0),
    ],
    { attrs: null, ins: site(3, 2), outs: [f32(3)] },
  )
  assert.equal([...(next ?? [])], [2, 3, 5])
})

test.run()

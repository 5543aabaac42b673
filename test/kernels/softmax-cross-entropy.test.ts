// softmaxCrossEntropy: shaders, gradient, masked rows, large logits, wrong labels.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { softmaxCrossEntropy } from '../../kernels/softmax-cross-entropy.ts'
import { f32, u32 } from '../../src/core/aval.ts'
import { checkOp } from '../support/check-op.ts'

const site = (batch: number, classes: number) => [f32(batch, classes), u32(batch), f32(batch)]
const masked = () => {
  let i = 0
  return Float32Array.from({ length: 1000 }, () => [1, 0, 0.25][i++ % 3] ?? 0)
}
const check = (classes: number, ...batches: ReadonlyArray<number>): void => {
  checkOp(softmaxCrossEntropy, {
    attrs: null,
    shapes: batches.map(batch => site(batch, classes)),
    operands: [undefined, { below: classes }, masked],
    gradients: [0],
    ports: [0],
  })
}

check(1, 1, 4)
check(5, 1, 3, 63, 65, 128)
check(10, 128)
check(33, 7)
check(100, 17)
check(1000, 5)

checkOp(softmaxCrossEntropy, {
  attrs: null,
  shapes: [site(3, 21_000), site(4200, 5)],
  operands: [{ low: -300, high: 300 }, { below: 5 }, masked],
  tolerance: 1e-4,
  gradients: [],
})
checkOp(softmaxCrossEntropy, {
  attrs: null,
  shapes: [site(9, 4), site(9, 300)],
  operands: [undefined, { below: 600 }, { low: 0, high: 2 }],
  gradients: [],
})
checkOp(softmaxCrossEntropy, {
  attrs: null,
  shapes: [site(9, 4)],
  operands: [undefined, { below: 4 }, { low: 0, high: 0 }],
  gradients: [],
})

const test = suite('softmaxCrossEntropy')

test('gives log K for equal logits and nothing for a masked row', () => {
  const [loss, dlogits] = softmaxCrossEntropy.oracle(
    [Float32Array.of(7, 7, 1, 9), Uint32Array.of(1, 0), Float32Array.of(2, 0)],
    { attrs: null, ins: site(2, 2), outs: [f32(1), f32(2, 2)] },
  )
  assert.ok(Math.abs((loss?.[0] ?? 0) - Math.LN2) < 1e-6)
  assert.equal([...(dlogits ?? [])], [0.5, -0.5, 0, 0])
})

test.run()

// meanSquaredError: shaders and gradient, plain and rescaled, masked rows, wrong labels.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { meanSquaredError } from '../../kernels/mean-squared-error.ts'
import { f32, u32 } from '../../src/core/aval.ts'
import { checkOp } from '../support/check-op.ts'

const site = (batch: number, classes: number) => [f32(batch, classes), u32(batch), f32(batch)]
const plain = { k: 1, M: 1 }
const gradient = { gradients: [0], ports: [0] }

for (const attrs of [plain, { k: 15, M: 30 }]) {
  checkOp(meanSquaredError, {
    attrs,
    shapes: [site(1, 5), site(17, 5), site(65, 5)],
    operands: [undefined, { below: 5 }, { low: 0, high: 1 }],
    ...gradient,
  })
  checkOp(meanSquaredError, {
    attrs,
    shapes: [site(3, 1000)],
    operands: [undefined, { below: 1000 }],
    ...gradient,
  })
}
checkOp(meanSquaredError, {
  attrs: plain,
  shapes: [site(9, 4)],
  operands: [undefined, { below: 8 }, { below: 2 }],
  ...gradient,
})

const test = suite('meanSquaredError')

test('is the mean over rows and classes of the rescaled square loss', () => {
  const [loss] = meanSquaredError.oracle(
    [Float32Array.of(1, 2, 3, 4), Uint32Array.of(0, 1), Float32Array.of(1, 1)],
    { attrs: { k: 2, M: 3 }, ins: site(2, 2), outs: [f32(1), f32(2, 2)] },
  )
  assert.equal([...(loss ?? [])], [(2 * 4 + 4 + 9 + 2 * 1) / 4])
})

test.run()

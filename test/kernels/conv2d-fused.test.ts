// Convolutions with what follows them: bias, ReLU and SGD as endings, at whole and broken tiles, on all families.
import * as O from 'fp-ts/Option'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { addBias } from '../../kernels/add-bias.ts'
import { type Conv, conv2d, conv2dWeightGrad } from '../../kernels/conv2d.ts'
import { conv2dBias, conv2dWeightGradSgd } from '../../kernels/conv2d-fused.ts'
import { relu } from '../../kernels/relu.ts'
import { sgd } from '../../kernels/sgd.ts'
import { f32 } from '../../src/core/aval.ts'
import type { Family } from '../../src/core/dispatch.ts'
import { primitive } from '../../src/core/op.ts'
import { checkOp } from '../support/check-op.ts'
import { right } from '../support/engines.ts'

const families: ReadonlyArray<Family> = ['texture', 'tiled']
const plain: Conv = { stride: 1, padding: 1, dilation: 1, groups: 1 }

for (const ramp of [false, true]) {
  checkOp(conv2dBias, {
    attrs: { ...plain, relu: ramp },
    shapes: [
      [f32(2, 5, 4, 8), f32(36, 8, 3, 3), f32(36)],
      [f32(1, 3, 3, 3), f32(5, 3, 3, 3), f32(5)],
    ],
    families,
    gradients: [],
  })
  checkOp(conv2dBias, {
    attrs: { ...plain, stride: 2, groups: 6, relu: ramp },
    shapes: [[f32(2, 5, 4, 6), f32(6, 1, 3, 3), f32(6)]],
    families,
    gradients: [],
  })
}

for (const groups of [1, 2, 8]) {
  const w = f32(8, 8 / groups, 3, 2)
  checkOp(conv2dWeightGradSgd, {
    attrs: { ...plain, groups, rows: 3, columns: 2 },
    shapes: [[f32(3, 4, 5, 8), f32(3, 4, 4, 8), w, w, f32(4)]],
    families,
    gradients: [],
  })
}

const test = suite('conv2d, fused')

test('takes a bias, then a ReLU, and an update of the weights, and nothing else', () => {
  const [x, w, y, b] = [f32(1, 4, 4, 3), f32(5, 3, 3, 3), f32(1, 4, 4, 5), f32(5)]
  const nameOf = (fused: O.Option<{ readonly name: string }>) => O.toNullable(fused)?.name ?? null
  const whole = right(primitive(conv2d, plain)([x, w]))
  const biased = right(primitive(addBias, null)([y, b]))
  const ramp = right(primitive(relu, null)([y]))
  const both = O.toNullable(whole.fuse(biased, 0))
  assert.equal(both?.ins, [x, w, b])
  assert.equal(O.toNullable(both?.fuse(ramp, 0) ?? O.none)?.attrs, { ...plain, relu: true })
  assert.is(nameOf(whole.fuse(ramp, 0)), null)
  const gradient = right(primitive(conv2dWeightGrad, { ...plain, rows: 3, columns: 3 })([y, x]))
  const update = right(primitive(sgd, null)([w, w, w, f32(4)]))
  assert.is(nameOf(gradient.fuse(update, 1)), 'conv2dWeightGradSgd')
  assert.is(nameOf(gradient.fuse(update, 0)), null)
})

test.run()

// sgd: one step against its reference, and two steps by hand as PyTorch does them.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { sgd } from '../../kernels/sgd.ts'
import { f32 } from '../../src/core/aval.ts'
import { checkOp } from '../support/check-op.ts'

checkOp(sgd, {
  attrs: null,
  shapes: [[f32(1)], [f32(17, 5)], [f32(1023)], [f32(1025)]].map(([p = f32()]) => [
    p,
    p,
    p,
    f32(4),
  ]),
  gradients: [],
})

const test = suite('sgd')

test('decays, gathers momentum and descends in the order of PyTorch', () => {
  const site = { attrs: null, ins: [f32(1), f32(1), f32(1), f32(4)], outs: [f32(1), f32(1)] }
  const hyper = Float32Array.of(0.5, 0.5, 0.25, 0)
  const gradient = Float32Array.of(1)
  const first = sgd.oracle([Float32Array.of(4), gradient, Float32Array.of(0), hyper], site)
  assert.equal(
    first.map(d => d[0]),
    [4 - 0.5 * 2, 2],
  )
  const [p = gradient, buffer = gradient] = first
  const second = sgd.oracle([p, gradient, buffer, hyper], site)
  assert.equal(
    second.map(d => d[0]),
    [3 - 0.5 * 2.75, 2.75],
  )
})

test.run()

// gelu: shaders, gradient, and the distribution function against a series.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { gelu, normalCdf } from '../../kernels/gelu.ts'
import { f32 } from '../../src/core/aval.ts'
import { checkOp } from '../support/check-op.ts'

const shapes = [[f32(1)], [f32(3)], [f32(17, 5)], [f32(1023)], [f32(1025)]]
checkOp(gelu, { attrs: null, shapes })
checkOp(gelu, { attrs: null, shapes, operands: [{ low: -8, high: 8 }] })
checkOp(gelu, {
  attrs: null,
  shapes: [[f32(64)]],
  operands: [{ low: -1e4, high: 1e4 }],
  gradients: [],
})

/** P(x) by its Taylor series about 0, exact to double precision for |x| < 6. */
const series = (x: number): number => {
  let term = x
  let sum = x
  for (let k = 1; k < 200; k++) {
    term *= (x * x) / (2 * k + 1)
    sum += term
  }
  return 0.5 + sum * Math.exp((-x * x) / 2) * 0.3989422804014327
}

const test = suite('normalCdf')

test('is within 1e-7 of the distribution function', () => {
  const xs = Float32Array.from({ length: 4001 }, (_, i) => (i - 2000) / 400)
  const ys = normalCdf(xs.length, xs)
  const worst = xs.reduce((top, x, i) => Math.max(top, Math.abs((ys[i] ?? 0) - series(x))), 0)
  assert.ok(worst < 1e-7, `${worst}`)
})

test.run()

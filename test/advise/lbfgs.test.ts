// L-BFGS: quadratics of known minimum, a badly scaled convex function, limits that it keeps.
import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { minimise, type Valued } from '../../src/advise/lbfgs.ts'
import { near } from '../support/index.ts'

const test = suite('minimise')

const quadratic =
  (curvatures: ReadonlyArray<number>, centre: ReadonlyArray<number>) =>
  (x: Float64Array): Valued => {
    const away = x.map((v, i) => v - (centre[i] ?? 0))
    return {
      value: away.reduce((sum, a, i) => sum + 0.5 * (curvatures[i] ?? 1) * a * a, 0),
      gradient: away.map((a, i) => (curvatures[i] ?? 1) * a),
    }
  }

test('finds the minimum of quadratics with curvatures from 1 to 1000', () => {
  const axis = fc.tuple(fc.double({ min: 0, max: 3, noNaN: true }), fc.integer({ min: -9, max: 9 }))
  fc.assert(
    fc.property(fc.array(axis, { minLength: 1, maxLength: 12 }), axes => {
      const centre = axes.map(([, at]) => at)
      const curvatures = axes.map(([log]) => 10 ** log)
      const objective = quadratic(curvatures, centre)
      const found = minimise(objective, new Float64Array(axes.length), { tolerance: 1e-8 })
      assert.ok(found.converged)
      centre.forEach((at, i) => {
        near(found.x[i] ?? Number.NaN, at, 1e-7)
      })
    }),
  )
})

test('finds the minimum of log(e^x + e^-3x) + (y - x)^2, which is not quadratic', () => {
  const objective = (p: Float64Array): Valued => {
    const [x = 0, y = 0] = p
    const share = 1 / (1 + Math.exp(-4 * x))
    return {
      value: Math.log(Math.exp(x) + Math.exp(-3 * x)) + (y - x) ** 2,
      gradient: Float64Array.of(share - 3 * (1 - share) - 2 * (y - x), 2 * (y - x)),
    }
  }
  const found = minimise(objective, Float64Array.of(4, -20), { tolerance: 1e-9 })
  near(found.x[0] ?? Number.NaN, Math.log(3) / 4, 1e-7)
  near(found.x[1] ?? Number.NaN, Math.log(3) / 4, 1e-7)
})

test('stops at its limit of steps, and makes none from a minimum', () => {
  const objective = quadratic([1, 10, 100, 1000], [1, 2, 3, 4])
  const short = minimise(objective, new Float64Array(4), { maxIterations: 2 })
  assert.is(short.iterations, 2)
  assert.not(short.converged)
  assert.ok(short.value < objective(new Float64Array(4)).value)
  const start = Float64Array.of(1, 2, 3, 4)
  assert.equal(minimise(objective, start), { x: start, value: 0, iterations: 0, converged: true })
})

test('stops, not converged, where rounding hides every fall', () => {
  const wrong = (x: Float64Array): Valued => ({ value: 1, gradient: x.map(() => 1) })
  const found = minimise(wrong, new Float64Array(2))
  assert.not(found.converged)
  assert.is(found.iterations, 0)
})

test.run()

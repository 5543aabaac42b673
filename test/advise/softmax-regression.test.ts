// The regression's loss: its gradient against differences, its value where it is known.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { hitsOf, logitsOf, regressionLoss } from '../../src/advise/softmax-regression.ts'
import { normals } from '../../src/core/random.ts'
import { near } from '../support/index.ts'

const test = suite('regressionLoss')

const next = normals(4, 'regression')
const [d, classes] = [3, 4]
// Blocks of 5 and 2 rows: neither is a multiple of the four rows that the loops take.
const blocks = [5, 2].map(m => {
  const rows = new Float64Array((m + 3) * d)
  for (let at = 0; at < m * d; at++) rows[at] = next()
  return { rows, ids: Int32Array.from({ length: m }, (_, i) => i % classes) }
})
const regression = { blocks, n: 7, d, classes, l2: 0.3 }
const loss = regressionLoss(regression)

test('has the gradient that differences give', () => {
  const at = Float64Array.from({ length: classes * (d + 1) }, () => next())
  const { gradient } = loss(at)
  at.forEach((_, i) => {
    const moved = (by: number) => loss(at.map((v, j) => (j === i ? v + by : v))).value
    near(gradient[i] ?? Number.NaN, (moved(1e-5) - moved(-1e-5)) / 2e-5, 1e-8)
  })
})

test('is log K at zero, and does not overflow far from it', () => {
  near(loss(new Float64Array(classes * (d + 1))).value, Math.log(classes), 1e-14)
  assert.ok(
    Number.isFinite(loss(new Float64Array(classes * (d + 1)).map(() => 1e3 * next())).value),
  )
})

test('penalises weights and not biases', () => {
  const shifted = new Float64Array(classes * (d + 1))
  shifted.fill(5, classes * d)
  near(loss(shifted).value, Math.log(classes), 1e-14)
})

test('counts hits, ties to the lower class', () => {
  assert.is(hitsOf(Float64Array.of(1, 1, 0, 2), Int32Array.of(1, 1), 2), 1)
  assert.is(hitsOf(Float64Array.of(1, 1, 2, 3), Int32Array.of(0, 1), 2), 2)
  const parameters = Float64Array.of(1, 0, 0, 1, 10, 20)
  assert.equal([...logitsOf(Float64Array.of(3, 4, 9, 9), 1, parameters, 2, 2)], [13, 24])
})

test.run()

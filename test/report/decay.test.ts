// Steps down and the rate of a decay.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { decay, decayInWords, falls } from '../../src/report/decay.ts'

const test = suite('decay')

test('counts steps down, not level ones and not those to or from what is no number', () => {
  assert.is(falls([5, 4, 4, 6, 1]), 2)
  assert.is(falls([3]), 0)
  assert.is(falls([3, Number.NaN, 1]), 0)
})

test('finds the factor of a geometric series', () => {
  const line = decay([8, 4, 2, 1])
  assert.ok(line !== null && Math.abs(10 ** line.slope - 0.5) < 1e-12)
  assert.is(decay([8, 0, 2]), null)
  assert.is(decay([8, 4]), null)
})

test('is said with its factor and its fit', () => {
  const line = { slope: Math.log10(0.5), intercept: 0, r2: 0.954 }
  assert.is(
    decayInWords(line, x => x.toFixed(2)),
    'The fitted line multiplies nc1 by 0.50 per layer; R² is 0.95.',
  )
})

test.run()

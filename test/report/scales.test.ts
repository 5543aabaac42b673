// Axes: all data between the ends, ticks on round numbers, places and values inverse to each other.
import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { linearScale, logScale, place, shows, valueAt } from '../../src/report/scales.ts'

const sizes = fc.array(fc.double({ min: 1e-9, max: 1e9, noNaN: true }), {
  minLength: 1,
  maxLength: 20,
})

const scales = suite('scales')
scales('hold the data between their ends, and few ticks', () => {
  fc.assert(
    fc.property(sizes, values => {
      for (const scale of [logScale(values), linearScale(values)]) {
        assert.ok(scale.low < scale.high)
        for (const x of values) {
          const share = place(scale, x)
          assert.ok(share >= 0 && share <= 1, `${x} at ${share}`)
        }
        for (const tick of scale.ticks) assert.ok(tick >= scale.low && tick <= scale.high)
        assert.ok(scale.ticks.length >= 2 && scale.ticks.length <= 10, `${scale.ticks}`)
      }
    }),
  )
})
scales('have values and places that are inverse to each other', () => {
  fc.assert(
    fc.property(sizes, fc.double({ min: 0, max: 1, noNaN: true }), (values, share) => {
      for (const scale of [logScale(values), linearScale(values)])
        assert.ok(Math.abs(place(scale, valueAt(scale, share)) - share) < 1e-6)
    }),
  )
})
scales('put log ticks at decades, or at 1, 2 and 5 where there are few', () => {
  assert.equal(logScale([0.03, 11]).ticks, [0.1, 1, 10])
  assert.equal(logScale([1.2, 8]).ticks, [1, 2, 5, 10])
  assert.ok(logScale([1e-12, 1e12]).ticks.length <= 7)
})
scales('keep shares within 0 and 1', () => {
  const { low, high } = linearScale([0.01, 0.999], 0, 1)
  assert.is(low, 0)
  assert.is(high, 1)
})
scales('stand where there is nothing to show', () => {
  assert.ok(logScale([]).low < logScale([]).high)
  assert.ok(logScale([0, -1, Number.NaN]).low > 0)
  assert.ok(linearScale([Number.NaN]).low < linearScale([Number.NaN]).high)
  assert.is(shows(logScale([1]), 0), false)
  assert.is(shows(linearScale([1]), 0), true)
  assert.is(shows(linearScale([1]), Number.NaN), false)
})
scales.run()

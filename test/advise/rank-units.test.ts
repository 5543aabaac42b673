// The order of units: by nc1, budgets among units alike in nc1, limits, and where the scores disagree.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type Candidate, rankUnits } from '../../src/advise/rank-units.ts'

const test = suite('order of units')

/** nc1 known to `wobble` percent, in opposite ways for odd and even units. */
const unit = (
  number: number,
  nc1: number,
  more: Partial<Candidate> = {},
  wobble = 1,
): Candidate => ({
  unit: number,
  nc1: {
    estimate: nc1,
    leftOut: Array.from(
      { length: 10 },
      (_, g) => nc1 * (1 + ((g + number) % 2 === 0 ? wobble : -wobble) / 100),
    ),
  },
  scores: { nearestMean: 1 / nc1, probe: 1 / nc1, logme: -nc1, hScore: 1 / nc1 },
  cost: null,
  over: false,
  ...more,
})

test('puts the most collapsed first', () => {
  const { order, tied, favourites, agreement } = rankUnits([unit(1, 9), unit(2, 4), unit(3, 6)])
  assert.equal(order, [2, 3, 1])
  assert.equal(tied, [2])
  assert.equal(favourites, { nc1: 2, nearestMean: 2, probe: 2, logme: 2, hScore: 2 })
  assert.equal(agreement, { nearestMean: 1, probe: 1, logme: 1, hScore: 1 })
})

test('says which units nc1 does not tell apart, and keeps their order where there is no budget', () => {
  const { order, tied } = rankUnits([unit(1, 9, {}, 3), unit(2, 4, {}, 3), unit(3, 4.2, {}, 3)])
  assert.equal(order, [2, 3, 1])
  assert.equal(tied, [2, 3])
})

test('prefers the cheapest of units alike, and none that is far off, however uncertain', () => {
  const units = [
    unit(1, 9, { cost: 1 }, 60),
    unit(2, 4, { cost: 30 }, 3),
    unit(3, 4.2, { cost: 20 }, 3),
  ]
  const { order, tied } = rankUnits(units)
  assert.equal(tied, [2, 3, 1])
  assert.equal(order, [3, 2, 1])
})

test('puts units over the budget last', () => {
  const { order, over, tied } = rankUnits([unit(1, 9), unit(2, 4, { over: true }), unit(3, 6)])
  assert.equal(order, [3, 1, 2])
  assert.equal(over, [2])
  assert.equal(tied, [3])
})

test('puts units without nc1 behind, and finds the favourite of every score', () => {
  const odd = unit(1, 9, { scores: { nearestMean: 0.9, probe: null, logme: 1, hScore: 5 } })
  const { order, favourites, agreement } = rankUnits([odd, unit(2, 4, { nc1: null }), unit(3, 6)])
  assert.equal(order, [3, 1, 2])
  assert.is(favourites.nearestMean, 1)
  assert.is(favourites.probe, 2)
  assert.is(agreement.probe, null)
})

test('has nothing to say of no units', () => {
  const { order, tied, favourites } = rankUnits([])
  assert.equal([order, tied, favourites.nc1], [[], [], null])
})

test.run()

// Rank agreement: scipy's values, and null where there is none.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { rankAgreement } from '../../src/advise/rank-agreement.ts'
import { goldenAgreement } from '../support/golden-scores.ts'
import { near } from '../support/index.ts'

const test = suite('rankAgreement')

test('has the values that scipy gives, ties included', () => {
  const { scores, reached } = goldenAgreement
  const found = rankAgreement(scores, reached)
  near(found.spearman ?? Number.NaN, goldenAgreement.spearman, 1e-10)
  near(found.kendall ?? Number.NaN, goldenAgreement.kendall, 1e-10)
  near(found.pearson ?? Number.NaN, goldenAgreement.pearson, 1e-10)
})

test('turns its sign with the scores', () => {
  const { scores, reached } = goldenAgreement
  const turned = rankAgreement(
    scores.map(x => -x),
    reached,
  )
  near(turned.kendall ?? Number.NaN, -goldenAgreement.kendall, 1e-10)
  near(turned.spearman ?? Number.NaN, -goldenAgreement.spearman, 1e-10)
})

test('is null for two points and for scores all equal', () => {
  const none = { spearman: null, kendall: null, pearson: null }
  assert.equal(rankAgreement([1, 2], [1, 2]), none)
  assert.equal(rankAgreement([1, 1, 1], [1, 2, 3]), none)
})

test.run()

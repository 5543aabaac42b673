// nullNc1: the formula and where it does not hold. nc1.test.ts meets it by simulation.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { nullNc1 } from '../../src/collapse/null-nc1.ts'
import { left, right } from '../support/index.ts'

const test = suite('nullNc1')

test('is (n-1)(K-1)/(d-K)', () => {
  assert.is(right(nullNc1([5, 5, 5, 5], 6)), 6)
  assert.is(right(nullNc1([1, 1], 3)), 0)
})

test('needs two classes, equal sizes, and d > K', () => {
  assert.is(left(nullNc1([5], 6))._tag, 'OneClass')
  assert.is(left(nullNc1([5, 4], 6))._tag, 'NotDefined')
  assert.is(left(nullNc1([5, 5], 2))._tag, 'NotDefined')
})

test.run()

// Budgets as text: kinds, limits, units of bytes, and what is no budget.
import { isLeft } from 'fp-ts/Either'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Budget } from '../../src/codec/advice.ts'
import { right } from '../support/either.ts'

const test = suite('budgets')

test('are a kind of cost, with a limit where one is given', () => {
  const given: ReadonlyArray<readonly [string, Budget]> = [
    ['params', { of: 'params', limit: null }],
    ['params=1e6', { of: 'params', limit: 1e6 }],
    ['bytes=512MiB', { of: 'bytes', limit: 2 ** 29 }],
    ['bytes=1.5GiB', { of: 'bytes', limit: 1.5 * 2 ** 30 }],
    ['seconds=30', { of: 'seconds', limit: 30 }],
  ]
  for (const [text, budget] of given) {
    const decoded = right(Budget.decode(text))
    assert.equal(decoded, budget)
    assert.equal(right(Budget.decode(Budget.encode(decoded))), budget)
  }
})

test('are nothing else', () => {
  for (const text of [
    '',
    'time',
    'params=',
    'params=0',
    'params=-1',
    'seconds=3MiB',
    'bytes=1=2',
    7,
  ]) {
    assert.ok(isLeft(Budget.decode(text)), String(text))
  }
})

test.run()

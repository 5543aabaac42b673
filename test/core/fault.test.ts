// Tests of the fault record: one line whatever it is made of.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { fault, isFault, showFault } from '../../src/core/fault.ts'

const test = suite('fault')

test('shows what, where and mend on one line', () => {
  const f = fault('no\nsuch file', 'a\tb.npy', 'check\r\nthe path')
  assert.is(showFault(f), 'a b.npy: no such file; check the path')
})

test('is known from other values', () => {
  assert.ok(isFault(fault('a', 'b', 'c')))
  assert.not(isFault({ _tag: 'Left' }))
  assert.not(isFault(null))
  assert.not(isFault('Fault'))
})

test.run()

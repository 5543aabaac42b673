// Labelled rows: picking, and splits that keep classes on both sides.
import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { pickRows, stratifiedSplit } from '../../src/advise/labelled.ts'
import { left, right, samples } from '../support/index.ts'

const test = suite('labelled')

test('pickRows copies rows with their labels and keeps the width of numbers', () => {
  const features = { data: Float32Array.of(1, 2, 3, 4, 5, 6), n: 3, d: 2 }
  const picked = pickRows({ features, labels: [7, 8, 9] }, [2, 0, 2])
  assert.equal(picked.features, { data: Float32Array.of(5, 6, 1, 2, 5, 6), n: 3, d: 2 })
  assert.equal([...Array.from(picked.labels)], [9, 7, 9])
})

test('stratifiedSplit gives every class of two samples a row on either side, each row once', () => {
  const shares = fc.constantFrom(0.1, 0.25, 0.5, 0.9)
  fc.assert(
    fc.property(samples({ perClass: [2, 9] }), shares, fc.nat(99), ({ labels }, share, seed) => {
      const { train, test: held } = right(stratifiedSplit(labels, { share, seed }))
      assert.equal(
        [...train, ...held].sort((a, b) => a - b),
        [...labels.keys()],
      )
      for (const k of new Set(labels)) {
        const n = labels.filter(y => y === k).length
        const out = held.filter(row => labels[row] === k).length
        assert.ok(out >= 1 && out < n)
        assert.ok(Math.abs(out - n * share) <= 1)
      }
      assert.equal(right(stratifiedSplit(labels, { share, seed })).test, held)
    }),
  )
})

test('stratifiedSplit draws anew with another seed', () => {
  const labels = Array.from({ length: 60 }, (_, i) => i % 2)
  const of = (seed: number) => [...right(stratifiedSplit(labels, { seed })).test]
  assert.is.not(of(0).join(), of(1).join())
})

test('stratifiedSplit trains on a class of one, and refuses where all are', () => {
  const { train } = right(stratifiedSplit([0, 1, 1, 1]))
  assert.ok(train.includes(0))
  assert.is(left(stratifiedSplit([0, 1, 2]))._tag, 'NotDefined')
  assert.is(left(stratifiedSplit([0, 2]))._tag, 'EmptyClass')
  assert.is(left(stratifiedSplit([0, 1], { share: 1 }))._tag, 'BadShape')
})

test.run()

// Which networks the flags name, and the sample of images: balanced, of a size, the same for a seed.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { sampleRows, sourcesOf } from '../../../cli/advise/load.ts'
import { left, right } from '../../support/either.ts'

const test = suite('what advise loads')

test('pairs networks with their weights', () => {
  const given = { model: undefined, models: ['a', 'b'], weights: 'x.pth, y.pth' }
  assert.equal(right(sourcesOf(given)), [
    { _tag: 'Named', model: 'a', weights: 'x.pth' },
    { _tag: 'Named', model: 'b', weights: 'y.pth' },
  ])
  assert.match(left(sourcesOf({ ...given, weights: 'x.pth' })).what, /1 files for 2 networks/)
  const comma = { model: 'a', models: undefined, weights: 'a,b.pth' }
  assert.equal(right(sourcesOf(comma)), [{ _tag: 'Named', model: 'a', weights: 'a,b.pth' }])
  assert.match(left(sourcesOf({ ...comma, model: undefined })).what, /nothing given/)
})

const countsOf = (labels: Uint32Array, rows: Uint32Array): ReadonlyArray<number> =>
  [0, 1, 2].map(k => rows.filter(row => labels[row] === k).length)

const labels = Uint32Array.from({ length: 100 }, (_, i) => (i < 60 ? 0 : i < 90 ? 1 : 2))

test('takes as many images of each class, in the order of the data', () => {
  const rows = sampleRows(labels, 30, 1)
  assert.equal(countsOf(labels, rows), [10, 10, 10])
  assert.equal(rows, rows.toSorted())
  assert.is(new Set(rows).size, rows.length)
  assert.equal(rows, sampleRows(labels, 30, 1))
  assert.not.equal(rows, sampleRows(labels, 30, 2))
})

test('takes no more of any class than the smallest has, and four of each at least', () => {
  assert.equal(countsOf(labels, sampleRows(labels, 90, 1)), [10, 10, 10])
  assert.equal(countsOf(labels, sampleRows(labels, 3, 1)), [4, 4, 4])
})

test('takes what there is where a class has next to nothing', () => {
  const few = Uint32Array.from([...Array.from({ length: 40 }, (_, i) => i % 2), 2, 2])
  assert.equal(countsOf(few, sampleRows(few, 30, 1)), [10, 10, 2])
})

test.run()

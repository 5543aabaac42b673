// Weights against what a network expects: every name ends in exactly one place, and is said.
import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import {
  type Expected,
  type HeadChoice,
  matchWeights,
  showMatch,
  wholeMatch,
} from '../../src/codec/match-weights.ts'
import type { Weight, Weights } from '../../src/codec/weights.ts'
import { left, right } from '../support/either.ts'

const test = suite('matching weights')

const weight = (...shape: ReadonlyArray<number>): Weight => ({
  shape,
  data: new Float32Array(shape.reduce((n, s) => n * s, 1)),
  dtype: 'F32',
})

const weights = (shapes: Readonly<Record<string, ReadonlyArray<number>>>): Weights =>
  new Map(Object.entries(shapes).map(([name, shape]) => [name, weight(...shape)]))

const expected: ReadonlyArray<Expected> = [
  ['conv1.weight', [4, 3, 3, 3]],
  ['bn1.running_mean', [4]],
  ['fc.weight', [10, 4]],
  ['fc.bias', [10]],
]
const keep: HeadChoice = { head: 'keep', headNames: ['fc'] }
const drop: HeadChoice = { head: 'drop', headNames: ['fc'] }
const whole = { 'conv1.weight': [4, 3, 3, 3], 'bn1.running_mean': [4] }
const head = { 'fc.weight': [10, 4], 'fc.bias': [10] }

test('that are all there fit', () => {
  const counters = { 'bn1.num_batches_tracked': [] }
  const match = matchWeights(expected, weights({ ...head, ...counters, ...whole }), keep)
  assert.equal(
    [...match.matched.keys()],
    expected.map(([name]) => name),
  )
  assert.is(showMatch(match), '4 arrays matched')
  assert.is(right(wholeMatch(match, keep, 'x')), match)
})

test('that are missing, unexpected or of another shape are told', () => {
  const match = matchWeights(
    expected,
    weights({ 'conv1.weight': [4, 3, 7, 7], 'fc.weight': [10, 4], 'fc.bias': [10], extra: [1] }),
    keep,
  )
  assert.equal(match.missing, ['bn1.running_mean'])
  assert.equal(match.unexpected, ['extra'])
  assert.equal(match.reshaped, [
    { name: 'conv1.weight', found: [4, 3, 7, 7], wanted: [4, 3, 3, 3] },
  ])
  const shape = '1 of another shape (conv1.weight [4, 3, 7, 7], wanted [4, 3, 3, 3])'
  assert.is(
    showMatch(match),
    `2 arrays matched; 1 missing (bn1.running_mean); ${shape}; 1 unexpected (extra)`,
  )
  const { what, mend } = left(wholeMatch(match, keep, 'x'))
  assert.is(what, `the weights do not fit: 1 missing (bn1.running_mean); ${shape}`)
  assert.is(mend, 'give weights of this network')
})

test('with a head of another width ask for --head drop, which leaves it out', () => {
  const given = weights({ ...whole, 'fc.weight': [1000, 4], 'fc.bias': [1000] })
  const kept = matchWeights(expected, given, keep)
  assert.match(left(wholeMatch(kept, keep, 'x')).mend, /--head drop/)
  const dropped = matchWeights(expected, given, drop)
  assert.equal(dropped.dropped, ['fc.weight', 'fc.bias'])
  assert.is(showMatch(dropped), '2 arrays matched; head left out as asked (fc.weight, fc.bias)')
  right(wholeMatch(dropped, drop, 'x'))
})

test('without a head fit where it is not asked for', () => {
  right(wholeMatch(matchWeights(expected, weights(whole), drop), drop, 'x'))
  assert.match(
    left(wholeMatch(matchWeights(expected, weights(whole), keep), keep, 'x')).mend,
    /drop/,
  )
})

test('of another network do not ask for --head drop', () => {
  const match = matchWeights([['fc.weight', [1]]], weights({ other: [1] }), keep)
  assert.is(left(wholeMatch(match, keep, 'x')).mend, 'give weights of this network')
})

test('take the shape that is expected where only axes of 1 differ', () => {
  const { matched } = matchWeights([['w', [1, 5, 2]]], weights({ w: [5, 2, 1] }), keep)
  assert.equal(matched.get('w')?.shape, [1, 5, 2])
  assert.is(matchWeights([['w', [5, 2]]], weights({ w: [2, 5] }), keep).reshaped.length, 1)
})

test('are listed by a few names only', () => {
  const many = weights(Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`x${i}`, [1]])))
  assert.match(
    showMatch(matchWeights([], many, keep)),
    /9 unexpected \(x0, x1, x2, x3 and 5 more\)/,
  )
})

const shapes = fc.dictionary(
  fc.constantFrom('a', 'b', 'fc.w', 'fc', 'fcx', 'bn.num_batches_tracked'),
  fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 2 }),
)

test('put every name in exactly one place', () => {
  fc.assert(
    fc.property(shapes, shapes, fc.constantFrom(keep, drop), (wanted, given, choice) => {
      const { matched, missing, unexpected, reshaped, dropped } = matchWeights(
        Object.entries(wanted),
        weights(given),
        choice,
      )
      const places = [
        ...matched.keys(),
        ...missing,
        ...unexpected,
        ...reshaped.map(({ name }) => name),
        ...dropped,
      ]
      const isHead = (name: string) => choice.head === 'drop' && /^fc(\.|$)/.test(name)
      const all = [...Object.keys(wanted).filter(name => !isHead(name)), ...Object.keys(given)]
      const counted = all.filter(name => !name.endsWith('num_batches_tracked'))
      assert.equal(places.sort(), [...new Set(counted)].sort())
    }),
  )
})

test.run()

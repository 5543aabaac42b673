// Pickles: Python's own in every protocol that is read, globals refused by name, and damage.
import { spawnSync } from 'node:child_process'
import * as E from 'fp-ts/Either'
import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { decodePickle } from '../../src/codec/pickle.ts'
import { isTagged, type PickleValue } from '../../src/codec/pickle-value.ts'
import { damaged } from '../support/arrays.ts'
import { left, right } from '../support/either.ts'
import * as p from '../support/pth.ts'

const test = suite('pickle')

const none = (): boolean => false
const allowed = (name: string): boolean => name.startsWith('collections.')
const value = (code: p.Code): PickleValue => right(decodePickle(p.pickle(code), allowed)).value
const wrong = (code: p.Code): string => left(decodePickle(p.pickle(code), allowed))

/** The value as JSON would have it, for what JSON has. */
const plain = (u: PickleValue): unknown => {
  if (isTagged(u, 'List') || isTagged(u, 'Tuple')) return u.items.map(plain)
  if (isTagged(u, 'Dict')) {
    return Object.fromEntries(u.entries.map(([key, inner]) => [String(key), plain(inner)]))
  }
  return u
}

const python = `
import base64, collections, json, pickle
value = {'a': [1, -2, 2**40, 300, 70000, 0.5, True, False, None], 'é': (1, 'x' * 300, ()),
  'deep': {'b': [[], {}, (1, 2, 3, 4)]}, 'o': collections.OrderedDict(x=1, y='z')}
value['same'] = value['a']
print(json.dumps([json.loads(json.dumps(value))] +
  [base64.b64encode(pickle.dumps(value, protocol=n)).decode() for n in (2, 3, 4, 5)]))
`

test("reads Python's own, protocols 2 to 5", () => {
  const run = spawnSync('python3', ['-c', python])
  if (run.status !== 0) return console.log('skipped: no python3')
  const [expected, ...pickles]: ReadonlyArray<unknown> = JSON.parse(String(run.stdout))
  assert.is(pickles.length, 4)
  for (const text of pickles) {
    const bytes = new Uint8Array(Buffer.from(String(text), 'base64'))
    const read = right(decodePickle(bytes, allowed))
    assert.equal(plain(read.value), expected)
    assert.is(read.end, bytes.length)
  }
})

test('reads numbers of every width', () => {
  for (const n of [0, 255, -1, 2 ** 31 - 1, -(2 ** 31), 2 ** 31, 2 ** 53 - 1, -(2 ** 53 - 1)]) {
    assert.is(value(p.whole(n)), n)
  }
  assert.is(
    value([0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19]),
    119547037146038801333356n,
  )
  assert.is(value([0x8a, 0]), 0)
  assert.is(value([0x8a, 1, 0xff]), -1)
})

test('ends where its own end is', () => {
  const bytes = Uint8Array.of(...p.pickle(p.whole(1)), 9, 9)
  assert.is(right(decodePickle(bytes, none)).end, bytes.length - 2)
})

test('keeps a call as a call, and what it refers to outside', () => {
  const called = value(p.call('collections', 'Counter', p.whole(1)))
  assert.equal(called, { _tag: 'Call', name: 'collections.Counter', args: [1] })
  const bytes = p.pickle([...p.text('id'), 0x51])
  const read = right(decodePickle(bytes, none))
  assert.equal(read.value, { _tag: 'Persistent', id: 'id' })
  assert.equal(read.persistents, ['id'])
})

test('reads an OrderedDict that Python 2 made of pairs', () => {
  const pairs = p.list(p.tuple(p.text('a'), p.whole(1)), p.list(p.text('b'), p.whole(2)))
  assert.equal(plain(value(p.call('collections', 'OrderedDict', pairs))), { a: 1, b: 2 })
})

const refusals: ReadonlyArray<readonly [string, p.Code, RegExp]> = [
  ['a global that is not allowed', p.global('os', 'system'), /'os\.system', which is not allowed/],
  ['a global without an end to its name', [0x63, ...new Array(400).fill(0x61)], /name/],
  ['a global of no name', [...p.whole(1), ...p.whole(2), 0x93], /no name/],
  ['a call of no function', [...p.whole(1), 0x29, 0x52], /no function/],
  ['attributes for a number', [...p.whole(1), 0x7d, 0x62], /no object/],
  ['an unknown opcode', [0xff], /opcode 255/],
  ['an instance by name, INST', [0x69], /opcode 105/],
  ['too little on the stack', [0x85], /takes more than it made/],
  ['a mark that is not there', [0x74], /mark too few/],
  ['what is below a mark', [...p.whole(1), 0x28, 0x30], /takes more/],
  ['a key without a value', [0x7d, 0x28, ...p.whole(1), 0x75], /without a value/],
  ['a list of no list', [...p.whole(1), ...p.whole(2), 0x61], /no list/],
  ['keys of no dict', [...p.whole(1), ...p.whole(2), ...p.whole(3), 0x73], /no dict/],
  ['what was never remembered', [0x68, 5], /never made/],
  ['a number of 255 bytes', [0x8a, 255], /255 bytes/],
  ['a text longer than the pickle', [0x58, 255, 255, 255, 255], /cut off/],
  ['a text of 2^63 bytes', [0x8d, 0, 0, 0, 0, 0, 0, 0, 0x80], /cut off/],
  ['another protocol', [0x80, 9], /protocol 9/],
]

for (const [what, code, said] of refusals) {
  test(`refuses ${what}`, () => assert.match(wrong(code), said))
}

test('refuses a pickle without an end', () => {
  assert.match(left(decodePickle(new Uint8Array(0), none)), /cut off/)
  assert.match(left(decodePickle(p.pickle(p.whole(1)).subarray(0, -1), none)), /cut off/)
})

test('refuses a pickle of too many steps, and one that copies too much', () => {
  const marks = new Uint8Array(2 ** 22).fill(0x28)
  assert.match(left(decodePickle(marks, none)), /too long/)
  const long = p.list(...Array.from({ length: 2000 }, () => [0x29]))
  const copy = [...p.global('collections', 'OrderedDict'), 0x68, 1, 0x85, 0x52]
  const many = [...long, 0x71, 1, ...Array.from({ length: 2000 }, () => copy).flat()]
  assert.match(wrong(many), /copies too much/)
})

test('takes any damage as a fault or a value', () => {
  const whole = p.pickle(
    p.ordered({ a: p.tuple(p.whole(1), p.text('b')), c: p.list(p.none, p.dict({ d: p.none })) }),
  )
  fc.assert(
    fc.property(fc.oneof(damaged(whole), fc.uint8Array({ maxLength: 64 })), bytes => {
      const read = decodePickle(bytes, allowed)
      if (E.isRight(read)) assert.ok(read.right.end <= bytes.length)
    }),
    { numRuns: 3000 },
  )
})

test.run()

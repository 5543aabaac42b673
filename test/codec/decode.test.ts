// Decoding: the first error becomes one fault that names the place and how to mend it.
import * as E from 'fp-ts/Either'
import * as t from 'io-ts'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { closed } from '../../src/codec/closed.ts'
import { asFlag, decodeWith, inFile, parseJson } from '../../src/codec/decode.ts'
import { positive, wholeFrom } from '../../src/codec/field.ts'
import { type Fault, showFault } from '../../src/core/fault.ts'

const test = suite('decoding')

const line = <A>(either: E.Either<Fault, A>): string =>
  E.isLeft(either) ? showFault(either.left) : 'no fault'

const Nested = closed({ inner: closed({ count: wholeFrom(1) }, 'an inner record') }, 'a record')

test('names the key in a file, through nested records', () => {
  const decode = decodeWith(Nested, inFile('a.json'), 'see the docs')
  assert.is(
    line(decode({ inner: { count: 0 } })),
    'a.json, inner.count: 0 given; give a whole number of 1 or more',
  )
  assert.is(
    line(decode({ inner: {} })),
    'a.json, inner.count: nothing given; give a whole number of 1 or more',
  )
  assert.is(
    line(decode({ inner: { count: 1, cuont: 2 } })),
    "a.json, inner: unknown key 'cuont' (did you mean 'count'?); see the docs",
  )
  assert.is(line(decode([])), 'a.json: [] given; give a record')
  assert.is(decode({ inner: { count: 3 } })._tag, 'Right')
})

test('names flags as they are written, through intersections', () => {
  const Flags = t.intersection([t.type({ lrMin: positive }), t.partial({ batch: positive })])
  assert.is(
    line(decodeWith(Flags, asFlag, 'see --help')({ lrMin: -1 })),
    '--lr-min: -1 given; give a number above 0',
  )
})

test('falls back to the mend that it is given for codecs without words', () => {
  assert.is(
    line(decodeWith(t.string, inFile('f'), 'write text')(3)),
    'f: 3 does not fit; write text',
  )
})

test('cuts long values short', () => {
  const shown = line(decodeWith(positive, inFile('f'), '')('x'.repeat(500)))
  assert.ok(shown.length < 120, shown)
})

test('parses JSON or says where it is none', () => {
  assert.equal(parseJson('{"a":1}', 'f'), E.right({ a: 1 }))
  assert.match(line(parseJson('{a', 'f.json')), /^f\.json: not JSON \(.*\); mend the file$/)
})

test.run()

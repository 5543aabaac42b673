// Fields: what each takes and refuses, defaults, and numbers as text.
import * as E from 'fp-ts/Either'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import {
  fraction,
  fromText,
  notNegative,
  oneOf,
  optional,
  positive,
  text,
  wholeFrom,
  withDefault,
} from '../../src/codec/field.ts'
import type * as t from 'io-ts'

const test = suite('fields')

const takes = (codec: t.Decoder<unknown, unknown>, values: ReadonlyArray<unknown>): boolean =>
  values.every(value => E.isRight(codec.decode(value)))
const refuses = (codec: t.Decoder<unknown, unknown>, values: ReadonlyArray<unknown>): boolean =>
  values.every(value => E.isLeft(codec.decode(value)))

test('take what they name and refuse what lies just outside', () => {
  assert.ok(takes(wholeFrom(2, 5), [2, 3, 5]))
  assert.ok(refuses(wholeFrom(2, 5), [1, 6, 2.5, '3', Number.NaN, null, undefined]))
  assert.ok(takes(positive, [1e-9, 3]))
  assert.ok(refuses(positive, [0, -1, Number.POSITIVE_INFINITY, Number.NaN]))
  assert.ok(takes(notNegative, [0, 2]) && refuses(notNegative, [-1e-9]))
  assert.ok(takes(fraction, [0, 0.999]) && refuses(fraction, [1, -0.1]))
  assert.ok(takes(text, ['x']) && refuses(text, ['', 3]))
  assert.ok(takes(oneOf(['a', 'b']), ['a', 'b']) && refuses(oneOf(['a', 'b']), ['c', 0]))
})

test('say what they want', () => {
  const decoded = wholeFrom(1).decode(0)
  assert.is(
    E.isLeft(decoded) ? decoded.left[0]?.message : '',
    'must be a whole number of 1 or more',
  )
})

test('read numbers from text, but not from blanks, words or other bases', () => {
  const number = fromText(positive)
  assert.equal(number.decode('1e-3'), E.right(0.001))
  assert.ok(refuses(number, ['', ' ', 'x', '1x', 3, undefined, '0', '-1']))
  assert.is(number.encode(0.5), '0.5')
})

test('stand for a default where nothing is given, and only there', () => {
  const codec = withDefault(wholeFrom(1), 7)
  assert.equal(codec.decode(undefined), E.right(7))
  assert.equal(codec.decode(3), E.right(3))
  assert.ok(refuses(codec, [null, 0, '3']))
  assert.equal(optional(positive).decode(undefined), E.right(undefined))
  assert.ok(refuses(optional(positive), [null, 0]))
})

test.run()

// Closed records and suggestions.
import * as E from 'fp-ts/Either'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { closed, suggestion } from '../../src/codec/closed.ts'
import { positive, withDefault } from '../../src/codec/field.ts'

const test = suite('closed records')

const Point = closed({ x: positive, y: withDefault(positive, 2) }, 'a point')

test('fill defaults in and keep nothing else', () => {
  assert.equal(Point.decode({ x: 1 }), E.right({ x: 1, y: 2 }))
  assert.equal(Point.encode({ x: 1, y: 2 }), { x: 1, y: 2 })
  assert.equal(Point.keys, ['x', 'y'])
})

test('refuse unknown keys and what is no record', () => {
  for (const bad of [{ x: 1, z: 1 }, [], null, 3, 'x', undefined]) {
    assert.ok(E.isLeft(Point.decode(bad)), JSON.stringify(bad))
  }
})

test('suggest the nearest word, or list all where none is near', () => {
  assert.is(suggestion('mnits', ['cifar10', 'mnist']), "did you mean 'mnist'?")
  assert.is(suggestion('Epochs', ['epochs', 'batch']), "did you mean 'epochs'?")
  assert.is(suggestion('imagenet', ['cifar10', 'mnist']), 'known are cifar10, mnist')
})

test.run()

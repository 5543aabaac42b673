// Typed trees: names from structure, binding, and initial contents that depend on path and seed alone.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { f32 } from '../../src/core/aval.ts'
import { bindTree, initialise, param, parameters } from '../../src/core/tree.ts'

const test = suite('tree')

const weight = param(f32(4, 3), { _tag: 'Uniform', bound: 0.5 })
const bias = param(f32(4), { _tag: 'Constant', value: 2 })
const tree = { body: { 0: { weight, bias } }, head: { weight } }

test('names parameters by structure', () => {
  assert.equal(
    parameters(tree).map(([path]) => path),
    ['body.0.weight', 'body.0.bias', 'head.weight'],
  )
})

test('binds to a tree of the same structure and type', () => {
  const bound = bindTree(tree, path => path.length)
  const n: number = bound.body[0].weight
  assert.is(n, 'body.0.weight'.length)
  // @ts-expect-error a path that the tree does not have
  assert.is(bound.body[0].scale, undefined)
})

test('initialises the same for the same seed and path, within bounds', () => {
  const a = initialise(1, 'body.0.weight', weight)
  assert.equal(a, initialise(1, 'body.0.weight', weight))
  assert.not.equal(a, initialise(2, 'body.0.weight', weight))
  assert.not.equal(a, initialise(1, 'head.weight', weight))
  assert.ok(a.every(v => Math.abs(v) <= 0.5))
  assert.equal([...initialise(1, 'b', bias)], [2, 2, 2, 2])
})

test.run()

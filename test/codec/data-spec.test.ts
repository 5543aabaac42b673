// Data specs: round trips, what they mean, and what is wrong with bad ones.
import * as E from 'fp-ts/Either'
import * as fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { DataSpec, parseDataSpec, showDataSpec } from '../../src/codec/data-spec.ts'

const test = suite('data specs')

const spec: fc.Arbitrary<DataSpec> = fc.record(
  {
    name: fc.stringMatching(/^[a-z][a-z0-9-]{0,10}$/),
    path: fc.option(fc.stringMatching(/^[a-zA-Z0-9/._:-]{0,20}$/)),
    classes: fc.option(
      fc.uniqueArray(fc.integer({ min: 0, max: 30 }), { minLength: 2, maxLength: 12 }),
    ),
    perClass: fc.option(fc.integer({ min: 1, max: 5000 })),
    seed: fc.option(fc.integer({ min: 0, max: 2 ** 32 - 1 })),
    split: fc.option(fc.constantFrom('train' as const, 'test' as const)),
  },
  { noNullPrototype: true },
)

test('come back from their text as they were', () => {
  fc.assert(
    fc.property(spec, value => {
      assert.equal(DataSpec.decode(DataSpec.encode(value)), E.right(value))
    }),
  )
})

test('mean what they say', () => {
  assert.equal(
    parseDataSpec('mnist?classes=7,0-2&perClass=100&seed=3&split=test'),
    E.right({
      name: 'mnist',
      path: null,
      classes: [7, 0, 1, 2],
      perClass: 100,
      seed: 3,
      split: 'test',
    }),
  )
  assert.equal(
    E.Functor.map(parseDataSpec('folder:/a/b:c'), ({ name, path }) => [name, path]),
    E.right(['folder', '/a/b:c']),
  )
})

test('have one shortest text', () => {
  const shown = (text: string) => E.Functor.map(parseDataSpec(text), showDataSpec)
  assert.equal(shown('mnist'), E.right('mnist'))
  assert.equal(shown('mnist?seed=0&classes=0,1,2,4,3'), E.right('mnist?classes=0-2,4,3&seed=0'))
})

const wrong: ReadonlyArray<readonly [string, RegExp]> = [
  ['', /is no name of a data set/],
  ['MNIST', /is no name of a data set/],
  ['mnist?clases=1', /unknown key 'clases' \(did you mean 'classes'\?\)/],
  ['mnist?', /unknown key ''/],
  ['mnist?classes=', /classes= must be a whole number/],
  ['mnist?classes=4-1', /runs backwards/],
  ['mnist?classes=1-2-3', /must be a list/],
  ['mnist?classes=0,1,0', /names a class twice/],
  ['mnist?classes=3', /one class only/],
  ['mnist?classes=0,-1', /classes= must be|classes=-1/],
  ['mnist?classes=0-99999999', /from 0 to 65535/],
  ['mnist?perClass=0', /perClass=0 must be a whole number of 1 or more/],
  ['mnist?perClass=1e2', /perClass=1e2 must be/],
  ['mnist?seed=4294967296', /seed=4294967296 must be/],
  ['mnist?split=both', /split=both must be train or test/],
  ['mnist?seed=1&seed=2', /seed is given twice/],
  ['mnist?seed=1?split=test', /more than one question mark/],
]

for (const [text, said] of wrong) {
  test(`'${text}' is refused`, () => {
    const parsed = parseDataSpec(text)
    assert.ok(E.isLeft(parsed))
    assert.match(parsed.left, said)
  })
}

test('that are no text are refused', () => {
  for (const bad of [3, null, undefined, {}]) assert.ok(E.isLeft(DataSpec.decode(bad)))
})

test.run()

// Measurements of adapters as files: what is written is read again, and what is out of bounds or of another version is not.
import * as E from 'fp-ts/Either'
import * as fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { tileList, tileName } from '../../kernels/product-tiled.ts'
import { decodeTuning, showTuning } from '../../src/codec/tuning.ts'
import type { Family, DeviceTuning } from '../../src/core/dispatch.ts'
import { right } from '../support/either.ts'

const test = suite('tuning')

const names = fc.string({ maxLength: 60 })
const tunings: fc.Arbitrary<DeviceTuning> = fc.record(
  {
    vendor: names,
    adapter: names,
    driver: names,
    family: fc.constantFrom<Family | null>('tiled', 'subgroup', 'texture', null),
    reaches: fc.dictionary(
      fc.constantFrom(...tileList.map(tileName)),
      fc.double({ min: 1e-6, max: 64, noNaN: true }),
      { noNullPrototype: true },
    ),
  },
  { noNullPrototype: true },
)

test('comes back as it was', () => {
  fc.assert(
    fc.property(tunings, tuning => {
      assert.equal(right(decodeTuning(showTuning(tuning, '1.2.3', 'today'), 'f', '1.2.3')), tuning)
    }),
  )
})

const file = {
  version: 1,
  collapse: '1.2.3',
  date: 'today',
  vendor: 'v',
  adapter: 'a',
  driver: '',
  family: null,
  reaches: { '128x128': 0.7, '128x64 f16': 2 },
}

const read = (changes: object) =>
  decodeTuning(JSON.stringify({ ...file, ...changes }), 'f.json', '1.2.3')

test('is refused where a value is out of bounds or unknown', () => {
  assert.ok(E.isRight(read({})))
  for (const bad of [
    { version: 2 },
    { collapse: '1.2.4' },
    { family: 'reference' },
    { reaches: { '128x128': 0 } },
    { reaches: { '128x128': 65 } },
    { reaches: { '128x128': null } },
    { adapter: 3 },
    { more: 1 },
  ]) {
    assert.ok(E.isLeft(read(bad)), JSON.stringify(bad))
  }
  const strange = '{"constructor":1,"__proto__":2,"128x64":3}'
  const json = JSON.stringify({ ...file, reaches: 0 }).replace(
    '"reaches":0',
    `"reaches":${strange}`,
  )
  assert.equal(right(decodeTuning(json, 'f.json', '1.2.3')).reaches, { '128x64': 3 })
  assert.ok(E.isLeft(decodeTuning('{', 'f.json', '1.2.3')))
  assert.ok(E.isLeft(decodeTuning('[]', 'f.json', '1.2.3')))
})

test.run()

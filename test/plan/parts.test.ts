// Parts of arguments: whole rows in order, none past the limit, as few and as even as can be.
import * as fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { bytesOf, f32, sizeOf, u32 } from '../../src/core/aval.ts'
import { argumentParts, isLarge } from '../../src/plan/parts.ts'
import { boundBytes } from '../../src/plan/place.ts'
import { limited } from '../support/blocks.ts'

const test = suite('parts')

const arrays = fc.tuple(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 40 }))

test('cover all rows in order, and each fits', () => {
  fc.assert(
    fc.property(arrays, fc.integer({ min: 160, max: 9000 }), ([rows, width], limit) => {
      const aval = f32(rows, width)
      const parts = argumentParts('a', aval, limited(limit))
      assert.is(parts[0]?.from, 0)
      assert.is(parts.at(-1)?.to, rows)
      parts.forEach((part, i) => {
        assert.not.ok(isLarge(part.aval, limit))
        assert.equal(part.aval, f32(part.to - part.from, width))
        if (i > 0) assert.is(part.from, parts[i - 1]?.to)
      })
      assert.is(new Set(parts.map(p => p.name)).size, parts.length)
      const size = parts[0]?.aval.shape[0] ?? 0
      assert.ok(parts.slice(0, -1).every(p => p.to - p.from === size))
      assert.ok(boundBytes(bytesOf(aval)) <= limit || parts.length > 1)
    }),
  )
})

test('are one of the own name where the array fits, and where not even a row does', () => {
  assert.equal(argumentParts('a', u32(4, 9), limited(144)), [
    { name: 'a', aval: u32(4, 9), from: 0, to: 4 },
  ])
  assert.is(argumentParts('a', u32(4, 9), limited(32)).length, 1)
  assert.is(argumentParts('a', f32(), limited(16)).length, 1)
})

test('are as few as the limit allows', () => {
  const aval = f32(50000, 768)
  const parts = argumentParts('images', aval, limited(2 ** 27))
  assert.is(parts.length, Math.ceil(bytesOf(aval) / 2 ** 27))
  assert.is(
    parts.reduce((n, p) => n + sizeOf(p.aval), 0),
    sizeOf(aval),
  )
})

test.run()

// .safetensors: round trips, the format's rules on places, damage.
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { float32Array, float64Array } from '../../src/codec/number-array.ts'
import {
  decodeSafetensors,
  encodeSafetensors,
  type Safetensors,
  safetensorsHeaderLength,
} from '../../src/codec/safetensors.ts'
import { arrays, damaged } from '../support/arrays.ts'
import { left, right } from '../support/either.ts'

const test = suite('safetensors')

const names = fc.oneof(
  fc.string({ maxLength: 8 }),
  fc.constantFrom('weight', '__proto__', '0', 'a.b.c', 'été', 'constructor'),
)

const files: fc.Arbitrary<Safetensors> = fc
  .tuple(
    fc.uniqueArray(fc.tuple(names, arrays()), { selector: ([name]) => name, maxLength: 4 }),
    fc.uniqueArray(fc.tuple(names, fc.string()), { selector: ([name]) => name, maxLength: 2 }),
  )
  .map(([entries, metadata]) => ({
    arrays: new Map(entries),
    metadata: Object.fromEntries(metadata),
  }))

const file = (header: unknown, data: number): Uint8Array => {
  const text = new TextEncoder().encode(
    typeof header === 'string' ? header : JSON.stringify(header),
  )
  const bytes = new Uint8Array(8 + text.length + data)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true)
  bytes.set(text, 8)
  return bytes
}

const entry = (from: number, to: number, dtype = 'F32', shape: unknown = [(to - from) / 4]) => ({
  dtype,
  shape,
  data_offsets: [from, to],
})

test('decodes what it encoded', () => {
  fc.assert(
    fc.property(files, whole => {
      const again = right(
        pipe(
          encodeSafetensors(whole),
          E.chain(bytes => decodeSafetensors(bytes, 'x')),
        ),
      )
      assert.equal([...again.arrays.keys()].sort(), [...whole.arrays.keys()].sort())
      for (const [name, array] of whole.arrays) assert.equal(again.arrays.get(name), array)
      assert.equal(Object.entries(again.metadata), Object.entries(whole.metadata))
    }),
  )
})

test('lays every array at a multiple of its element size', () => {
  fc.assert(
    fc.property(files, whole => {
      const bytes = right(encodeSafetensors(whole))
      const decoded = right(decodeSafetensors(bytes, 'x'))
      for (const { dtype, bytes: inside } of decoded.arrays.values()) {
        const size = dtype.endsWith('64') ? 8 : dtype.endsWith('32') ? 4 : 1
        assert.is(inside.byteOffset % size, 0)
      }
    }),
  )
})

const refusals: ReadonlyArray<readonly [string, Uint8Array, RegExp]> = [
  ['an empty file', new Uint8Array(0), /not a \.safetensors file/],
  ['an endless header', new Uint8Array(20).fill(255), /not a \.safetensors file/],
  ['a header past the end', file('{}', 0).fill(9, 0, 1), /truncated in its header/],
  ['a header that is not JSON', file('{"a":', 0), /not JSON/],
  ['a header that is a list', file('[]', 0), /not JSON/],
  ['a deep header', file('['.repeat(100_000), 0), /not JSON/],
  ['an entry that is malformed', file({ a: { dtype: 'F32' } }, 0), /'a' is malformed/],
  ['a negative offset', file({ a: entry(-4, 0) }, 4), /'a' is malformed/],
  ['a fraction in a shape', file({ a: entry(0, 4, 'F32', [0.5, 2]) }, 4), /'a' is malformed/],
  ['an unknown type', file({ a: entry(0, 4, 'Q4') }, 4), /type Q4/],
  ['a shape of another size', file({ a: entry(0, 8, 'F32', [3]) }, 8), /takes 8 bytes/],
  ['an endless shape', file({ a: entry(0, 8, 'F32', [2 ** 40, 2 ** 40]) }, 8), /takes 8 bytes/],
  ['ends before beginnings', file({ a: entry(8, 4, 'F32', [1]) }, 8), /takes -4 bytes/],
  ['a truncated file', file({ a: entry(0, 8) }, 7), /truncated/],
  ['overlapping arrays', file({ a: entry(0, 8), b: entry(4, 12) }, 12), /'b' overlaps/],
  ['holes', file({ a: entry(0, 4), b: entry(8, 12) }, 12), /before 'b'/],
  ['bytes left over', file({ a: entry(0, 4) }, 6), /2 bytes at the end/],
  ['metadata that are not text', file({ __metadata__: { a: 1 } }, 0), /metadata/],
]

for (const [name, bytes, what] of refusals) {
  test(`refuses ${name}`, () => {
    assert.match(left(decodeSafetensors(bytes, 'x')).what, what)
  })
}

test('refuses to encode a reserved name or bytes that do not fit', () => {
  const one = float32Array(Float32Array.of(1), [1])
  const encode = (name: string, array: typeof one) =>
    encodeSafetensors({ arrays: new Map([[name, array]]), metadata: {} })
  left(encode('__metadata__', one))
  left(encode('a', { ...one, shape: [2] }))
})

test('takes any damage to a file as a fault or arrays that fit their shapes', () => {
  const whole = files.chain(f => damaged(right(encodeSafetensors(f))))
  fc.assert(
    fc.property(whole, bytes => {
      const decoded = decodeSafetensors(bytes, 'x')
      if (E.isRight(decoded)) {
        for (const { bytes: inside } of decoded.right.arrays.values()) {
          assert.ok(inside.length <= bytes.length)
        }
      }
    }),
    { numRuns: 500 },
  )
})

test('tells the header length before the header is read', () => {
  const bytes = right(
    encodeSafetensors({
      arrays: new Map([['a', float64Array(Float64Array.of(1), [1])]]),
      metadata: {},
    }),
  )
  const length = right(safetensorsHeaderLength(bytes.subarray(0, 8), bytes.length, 'x'))
  assert.is(length, bytes.length - 16)
})

test.run()

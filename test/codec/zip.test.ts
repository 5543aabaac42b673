// Zip archives: entries wherever they lie, and directories that lie.
import { crc32, deflateRawSync } from 'node:zlib'
import { zipSync } from 'fflate'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { entryBytes, looksLikeZip, zipPlaces } from '../../src/codec/zip.ts'
import { left, right } from '../support/either.ts'

const test = suite('zip')

const rules = { keep: (name: string) => name !== 'skip', most: 5, mend: 'mend it' }
const text = new TextEncoder().encode('hello, hello, hello, hello')

for (const level of [0, 9] as const) {
  test(`entries at level ${level} are found and read`, async () => {
    const bytes = zipSync({ 'a/b': text, skip: text }, { level })
    assert.ok(looksLikeZip(bytes))
    const [place, ...more] = right(await zipPlaces(bytes, 'x', rules)())
    assert.is(more.length, 0)
    assert.is(place?.name, 'a/b')
    assert.is(place?.stored, level === 0)
    if (place !== undefined) assert.equal(right(entryBytes(bytes, place, 'x', '')), text)
  })
}

// The first byte of every record of a kind: its signature is PK and two numbers.
const records = (bytes: Uint8Array, a: number, b: number): ReadonlyArray<number> =>
  Array.from(bytes.keys()).filter(
    at => bytes[at] === 80 && bytes[at + 1] === 75 && bytes[at + 2] === a && bytes[at + 3] === b,
  )

const changed = (
  change: (view: DataView, central: number) => void,
  level: 0 | 9 = 9,
): Uint8Array => {
  const bytes = zipSync({ ab: text, cd: text }, { level })
  const view = new DataView(bytes.buffer)
  for (const central of records(bytes, 1, 2)) change(view, central)
  return bytes
}

const refusals: ReadonlyArray<readonly [string, Uint8Array, RegExp]> = [
  [
    'claims that deflate cannot keep',
    changed((v, at) => v.setUint32(at + 24, 2 ** 30, true)),
    /claims 1073741824/,
  ],
  ['stored entries of two sizes', changed((v, at) => v.setUint32(at + 24, 99, true), 0), /zip/],
  ['encryption', changed((v, at) => v.setUint16(at + 8, 1, true)), /encrypted/],
  ['another compression', changed((v, at) => v.setUint16(at + 10, 12, true)), /compression 12/],
  [
    'entries past the end',
    changed((v, at) => v.setUint32(at + 20, 2 ** 20, true)),
    /past the end|zip/,
  ],
  ['entries that begin nowhere', changed((v, at) => v.setUint32(at + 42, 2 ** 30, true)), /zip/],
  ['one name twice', changed((v, at) => v.setUint16(at + 46, 0x6161, true)), /'aa' is there twice/],
  ['a way out of the folder', zipSync({ '../x': text }), /zip/],
  ['too many entries', zipSync(Object.fromEntries([...'abcdef'].map(n => [n, text]))), /6 files/],
  ['no directory', zipSync({ a: text }).subarray(0, 40), /not a whole zip/],
]

for (const [what, bytes, said] of refusals) {
  test(`archives with ${what} are refused`, async () => {
    const { what: found, mend } = left(await zipPlaces(bytes, 'x', rules)())
    assert.match(found, said)
    assert.is(mend, 'mend it')
  })
}

test('entries inflate to exactly their told size', () => {
  const bytes = new Uint8Array(deflateRawSync(text))
  const [compressed, size] = [bytes.length, text.length]
  const place = { name: 'a', stored: false, offset: 0, compressed, size, crc: crc32(text) }
  assert.equal(right(entryBytes(bytes, place, 'x', '')), text)
  for (const other of [0, text.length - 1, text.length + 1]) {
    left(entryBytes(bytes, { ...place, size: other }, 'x', ''))
  }
  left(entryBytes(bytes, { ...place, offset: 3 }, 'x', ''))
  assert.match(left(entryBytes(bytes, { ...place, crc: 1 }, 'x', '')).what, /checksum/)
})

test.run()

// .npz: stored and deflated entries, claims that cannot be true, damage.
import * as E from 'fp-ts/Either'
import fc from 'fast-check'
import { type Zippable, zipSync } from 'fflate'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { decodeNpz, npzPlaces } from '../../src/codec/npz.ts'
import { encodeNpy } from '../../src/codec/npy.ts'
import { float32Array, type NumberArray } from '../../src/codec/number-array.ts'
import { looksLikeZip } from '../../src/codec/zip.ts'
import { arrays, damaged, dtypes } from '../support/arrays.ts'
import { left, right } from '../support/either.ts'

const test = suite('npz')

const numpyTypes = dtypes.filter(dtype => dtype !== 'BF16')

const zip = (entries: ReadonlyMap<string, NumberArray>, level: 0 | 6): Uint8Array => {
  const files: Zippable = Object.fromEntries(
    Array.from(entries, ([name, array]) => [`${name}.npy`, right(encodeNpy(array))]),
  )
  return zipSync(files, { level })
}

const entries = fc
  .uniqueArray(fc.tuple(fc.stringMatching(/^[a-z]{1,6}$/), arrays(...numpyTypes)), {
    selector: ([name]) => name,
    maxLength: 3,
  })
  .map(list => new Map(list))

const level = fc.constantFrom<0 | 6>(0, 6)

test('decodes stored and deflated arrays', async () => {
  await fc.assert(
    fc.asyncProperty(entries, level, async (whole, how) => {
      const again = right(await decodeNpz(zip(whole, how), 'x')())
      assert.equal([...again].sort(), [...whole].sort())
    }),
  )
})

test('leaves other files of the zip alone', async () => {
  const bytes = zipSync({ 'readme.txt': new TextEncoder().encode('hello') })
  assert.ok(looksLikeZip(bytes))
  assert.is(right(await decodeNpz(bytes, 'x')()).size, 0)
})

test('tells where a stored array lies', async () => {
  const array = float32Array(Float32Array.of(1, 2), [2])
  const bytes = zip(new Map([['features', array]]), 0)
  const [place] = right(await npzPlaces(bytes, 'x')())
  assert.is(place?.name, 'features')
  const npy = right(encodeNpy(array))
  assert.equal(bytes.slice(place?.offset, (place?.offset ?? 0) + npy.length), npy)
})

test('refuses a zip bomb by its limit and by its claims', async () => {
  const zeros = float32Array(new Float32Array(1 << 20), [1 << 20])
  const bytes = zip(new Map([['a', zeros]]), 6)
  assert.match(left(await decodeNpz(bytes, 'x', 1 << 20)()).what, /more than 1048576 bytes/)
  const at = bytes.findLastIndex(
    (_, i) => bytes[i] === 0x50 && bytes[i + 1] === 0x4b && bytes[i + 2] === 1,
  )
  const claim = new Uint8Array(bytes)
  new DataView(claim.buffer).setUint32(at + 24, 0xffff0000, true)
  assert.match(left(await decodeNpz(claim, 'x')()).what, /claims/)
})

test('refuses what is no zip, and one that is cut off', async () => {
  const bytes = zip(new Map([['a', float32Array(Float32Array.of(1), [1])]]), 6)
  left(await decodeNpz(new TextEncoder().encode('PK\u0003\u0004 and no more'), 'x')())
  left(await decodeNpz(bytes.slice(0, bytes.length - 10), 'x')())
  left(await decodeNpz(new Uint8Array(0), 'x')())
})

test('refuses deflated values that do not fit their checksum', async () => {
  const bytes = zip(new Map([['a', float32Array(new Float32Array(99), [99])]]), 6)
  const at = bytes.findLastIndex((_, i) => [0x50, 0x4b, 1, 2].every((b, j) => bytes[i + j] === b))
  bytes[at + 16] = 255 - (bytes[at + 16] ?? 0)
  assert.match(left(await decodeNpz(bytes, 'x')()).what, /checksum/)
})

test('takes any damage to a file as a fault or whole arrays', async () => {
  const whole = fc.tuple(entries, level).chain(([map, how]) => damaged(zip(map, how)))
  await fc.assert(
    fc.asyncProperty(whole, async bytes => {
      const decoded = await decodeNpz(bytes, 'x', 1 << 24)()
      assert.ok(E.isLeft(decoded) || decoded.right.size <= 3)
    }),
    { numRuns: 500 },
  )
})

test.run()

// How products are divided on GPUs: tiles that fill the card and fit its workgroup memory, sums cut where results are few.
import * as fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { divisionOf, tileList, workgroupBytesOf } from '../../kernels/product-tiled.ts'
import type { Target } from '../../src/core/dispatch.ts'

const target = (workgroupBytes: number): Target => ({
  family: 'tiled',
  limits: {
    maxWorkgroups: 65535,
    maxBindingBytes: 2 ** 31 - 4,
    maxBufferBytes: 2 ** 33,
    maxTextureSize: 16384,
    workgroupBytes,
  },
})

const card = target(49152)

const divide = (m: number, n: number, k: number, to: Target = card, mostParts = 64) =>
  divisionOf({ m, n, k, groups: 1 }, to, mostParts)

const test = suite('divisionOf')

test('gives large products the largest tile, whole', () => {
  const { tile, parts } = divide(4096, 4096, 4096)
  assert.equal([tile.rows, tile.columns, tile.side, parts], [128, 128, 8, 1])
})

test('gives few columns a narrow tile', () => {
  assert.is(divide(524288, 64, 576).tile.columns, 64)
  assert.is(divide(64, 524288, 576).tile.rows, 64)
})

test('cuts the sum of a small result over much, and of nothing else', () => {
  assert.ok(divide(64, 64, 100_000).parts > 16)
  assert.is(divide(64, 64, 100_000, card, 1).parts, 1)
  assert.is(divide(64, 64, 64).parts, 1)
})

test('fills the card with parts where tiles alone leave it half empty', () => {
  const { tile, parts } = divide(4608, 512, 8192)
  const tiles = Math.ceil(4608 / tile.rows) * Math.ceil(512 / tile.columns)
  assert.ok(tiles * parts >= 2 * 132)
  const bytes = 2 ** 24
  const few = divisionOf(
    { m: 4608, n: 512, k: 8192, groups: 1 },
    { ...card, limits: { ...card.limits, maxBindingBytes: bytes } },
    64,
  )
  assert.ok(4 * few.parts * 4608 * 512 <= bytes)
})

test('takes measured reaches in place of estimates', () => {
  const { tile } = divide(4096, 4096, 4096, { ...card, reaches: { '128x64': 0.9 } })
  assert.equal([tile.rows, tile.columns], [128, 64])
  const same = { ...card, reaches: { unknown: 9, '128x64 f16': 9 } }
  assert.equal(divide(4096, 4096, 4096, same), divide(4096, 4096, 4096))
})

test('keeps to the workgroup memory that there is', () => {
  assert.equal(
    tileList.map(workgroupBytesOf),
    [16896, 12800, 12800, 8704, 4608, 40960, 26624, 26624, 16384],
  )
  assert.not.equal(divide(4096, 4096, 4096, target(16384)).tile, divide(4096, 4096, 4096).tile)
  assert.is(divide(4096, 4096, 4096, target(1024)).tile.rows, 32)
})

test('deals all of k out, in whole turns and no part empty', () => {
  const size = fc.integer({ min: 1, max: 200_000 })
  fc.assert(
    fc.property(size, size, size, fc.integer({ min: 1, max: 256 }), (m, n, k, most) => {
      const { parts, share } = divide(m, n, k, card, most)
      assert.is(share % 8, 0)
      assert.ok(parts >= 1 && parts <= most)
      assert.ok(parts * share >= k && (parts - 1) * share < k)
    }),
  )
})

test.run()

// IDX files: round trips, gzip, and every way in which a file can be damaged.
import { gzipSync } from 'node:zlib'
import * as E from 'fp-ts/Either'
import * as fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { decodeIdx, decodeIdxImages, decodeIdxLabels, encodeIdx } from '../../src/codec/idx.ts'
import { type Fault, showFault } from '../../src/core/fault.ts'

const test = suite('IDX files')

const array = fc
  .array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 4 })
  .chain(shape => {
    const size = shape.reduce((n, s) => n * s, 1)
    return fc.record({
      shape: fc.constant(shape),
      bytes: fc.uint8Array({ minLength: size, maxLength: size }),
    })
  })

const line = <A>(either: E.Either<Fault, A>): string =>
  E.isLeft(either) ? showFault(either.left) : 'no fault'

const images = encodeIdx({ shape: [2, 2, 3], bytes: Uint8Array.from({ length: 12 }, (_, i) => i) })
const labels = encodeIdx({ shape: [2], bytes: Uint8Array.of(4, 9) })

test('come back as they were written, plain and gzipped', () => {
  fc.assert(
    fc.property(array, ({ shape, bytes }) => {
      const file = encodeIdx({ shape, bytes })
      for (const stored of [file, new Uint8Array(gzipSync(file))]) {
        const read = decodeIdx(stored, 'f')
        assert.ok(E.isRight(read))
        assert.equal([...read.right.shape], [...shape])
        assert.equal([...read.right.bytes], [...bytes])
      }
    }),
  )
})

test('are refused at every length but the right one', () => {
  for (let length = 0; length < images.length; length++) {
    assert.ok(E.isLeft(decodeIdx(images.subarray(0, length), 'f')), `${length} bytes`)
  }
  assert.ok(E.isLeft(decodeIdx(Uint8Array.of(...images, 0), 'f')))
  const zipped = new Uint8Array(gzipSync(images))
  assert.match(line(decodeIdx(zipped.subarray(0, 20), 'f.gz')), /^f\.gz: the gzip data are broken/)
})

test('hold images or labels, and say so where they hold the other', () => {
  assert.equal(decodeIdxLabels(labels, 'f'), E.right(Uint8Array.of(4, 9)))
  const read = decodeIdxImages(images, 'f')
  assert.ok(E.isRight(read) && read.right.n === 2 && read.right.rows === 2 && read.right.cols === 3)
  assert.match(line(decodeIdxImages(labels, 'f')), /^f: holds \[2\], not images \[n, rows, cols\]/)
  assert.match(line(decodeIdxLabels(images, 'f')), /^f: holds \[2, 2, 3\], not labels \[n\]/)
})

test('of other element types, or no IDX at all, are refused', () => {
  const floats = images.slice()
  floats[2] = 13
  assert.match(line(decodeIdx(floats, 'f')), /type 13, not unsigned bytes/)
  assert.match(line(decodeIdx(new TextEncoder().encode('<html>...'), 'f')), /^f: not an IDX file/)
})

test.run()

// Resizing against Pillow's own results, byte for byte, and its parts against its whole.
import * as fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type Interpolation, resizePart } from '../../src/data/resize.ts'
import golden from '../golden/preprocess.json'
import { patternOf } from '../support/image-files.ts'

const test = suite('resizing')

const isInterpolation = (name: string): name is Interpolation =>
  name === 'bilinear' || name === 'bicubic'

for (const { from, to, interpolation, bytes } of golden.resized) {
  test(`${from.join(' x ')} to ${to.join(' x ')}, ${interpolation}, is Pillow's to the bit`, () => {
    const [w = 0, h = 0, channels = 0] = from
    const [width = 0, height = 0] = to
    assert.ok(isInterpolation(interpolation))
    const part = { left: 0, top: 0, width, height }
    const out = resizePart(patternOf(w, h, 0, channels), { width, height }, part, interpolation)
    assert.equal([out.width, out.height, out.channels], [width, height, channels])
    assert.equal([...out.bytes], [...Buffer.from(bytes, 'base64')])
  })
}

const side = fc.integer({ min: 1, max: 24 })
const some = fc.double({ min: 0, max: 1, noNaN: true })

test('a part is that part of the whole', () => {
  fc.assert(
    fc.property(
      fc.record({
        w: side,
        h: side,
        width: side,
        height: side,
        a: some,
        b: some,
        c: some,
        d: some,
      }),
      fc.constantFrom<Interpolation>('bilinear', 'bicubic'),
      ({ w, h, width, height, a, b, c, d }, interpolation) => {
        const image = patternOf(w, h, 3)
        const to = { width, height }
        const left = Math.floor(a * (width - 1))
        const top = Math.floor(b * (height - 1))
        const across = 1 + Math.floor(c * (width - left - 1))
        const down = 1 + Math.floor(d * (height - top - 1))
        const whole = resizePart(image, to, { left: 0, top: 0, ...to }, interpolation).bytes
        const part = { left, top, width: across, height: down }
        const { bytes } = resizePart(image, to, part, interpolation)
        for (let y = 0; y < down; y++) {
          const row = bytes.subarray(y * across * 3, (y + 1) * across * 3)
          const start = ((top + y) * width + left) * 3
          assert.equal([...row], [...whole.subarray(start, start + across * 3)])
        }
      },
    ),
  )
})

test('a flat image stays flat', () => {
  fc.assert(
    fc.property(
      fc.record({ w: side, h: side, width: side, height: side, level: fc.nat(255) }),
      fc.constantFrom<Interpolation>('bilinear', 'bicubic'),
      ({ w, h, width, height, level }, interpolation) => {
        const image = { width: w, height: h, channels: 1, bytes: new Uint8Array(w * h).fill(level) }
        const to = { width, height }
        const out = resizePart(image, to, { left: 0, top: 0, ...to }, interpolation)
        assert.ok(out.bytes.every(v => v === level))
      },
    ),
  )
})

test.run()

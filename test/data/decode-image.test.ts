// Decoding against Pillow and torchvision, and files that are damaged, lie, or are something else.
import * as E from 'fp-ts/Either'
import * as fc from 'fast-check'
import sharp from 'sharp'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type Fault, showFault } from '../../src/core/fault.ts'
import { decodeImage, imageSize } from '../../src/data/decode-image.ts'
import type { Pixels } from '../../src/data/pixels.ts'
import type { Preprocessing } from '../../src/data/preprocess.ts'
import golden from '../golden/preprocess.json'
import { left, right } from '../support/either.ts'
import { patternOf, pngOf } from '../support/image-files.ts'

const test = suite('decoding images')

const meanDifference = (a: Uint8Array, b: Uint8Array): number => {
  assert.is(a.length, b.length)
  return a.reduce((sum, v, i) => sum + Math.abs(v - (b[i] ?? 0)), 0) / a.length
}

const planOf = (interpolation: string, side: number, crop: number): Preprocessing => ({
  resize: { _tag: 'Shorter', side },
  interpolation: interpolation === 'bicubic' ? 'bicubic' : 'bilinear',
  crop,
  mean: [0, 0, 0],
  std: [1, 1, 1],
})

const decode = async (file: Uint8Array, plan: Preprocessing | null): Promise<Pixels> =>
  right(await decodeImage(file, 'f', plan)())

for (const { name, file, plain, outs } of golden.decoded) {
  const bytes = Buffer.from(file, 'base64')
  test(`${name}: pixels are Pillow's`, async () => {
    const out = await decode(bytes, null)
    assert.equal([out.width, out.height, out.channels], [75, 53, 3])
    assert.ok(meanDifference(out.bytes, Buffer.from(plain, 'base64')) < 0.02)
  })
  for (const { interpolation, side, crop, bytes: wanted } of outs) {
    test(`${name}: ${interpolation} to ${side}, cropped to ${crop}, is torchvision's`, async () => {
      const out = await decode(bytes, planOf(interpolation, side, crop))
      const apart = meanDifference(out.bytes, Buffer.from(wanted, 'base64'))
      assert.ok(apart < (side > 53 ? 0.02 : 0.5), `${apart}`)
    })
  }
}

const refusal = async (file: Uint8Array, plan: Preprocessing | null = null): Promise<Fault> =>
  left(await decodeImage(file, 'photo.jpg', plan)())

const jpeg = Buffer.from(golden.decoded[0]?.file ?? '', 'base64')

test('a size in the header that is not true is refused without its memory', async () => {
  const lying = new Uint8Array(jpeg)
  const frame = jpeg.indexOf(Buffer.from([0xff, 0xc0]))
  lying.set([0xff, 0x00, 0xff, 0x00], frame + 5)
  const before = process.memoryUsage().rss
  for (const plan of [null, planOf('bilinear', 40, 32)]) {
    const fault = await refusal(lying, plan)
    assert.match(showFault(fault), /^photo\.jpg: cannot be decoded \(.*pixel limit\)/)
    assert.is(fault.exit, 2)
  }
  lying.set([0x10, 0x00, 0x10, 0x00], frame + 5)
  assert.match(showFault(await refusal(lying)), /cannot be decoded \(.*premature end/)
  assert.ok(process.memoryUsage().rss - before < 500e6)
})

test('bytes that do not belong into a JPEG are borne, as Pillow bears them', async () => {
  const end = jpeg.length - 2
  const odd = Buffer.concat([jpeg.subarray(0, end), Buffer.from('junk'), jpeg.subarray(end)])
  const bad = new Uint8Array(jpeg)
  bad[900] = (bad[900] ?? 0) ^ 0x55
  for (const file of [odd, bad]) assert.is((await decode(file, null)).width, 75)
})

test('truncated files are refused', async () => {
  const png = await pngOf(patternOf(40, 30))
  const webp = await sharp(png).webp().toBuffer()
  for (const file of [jpeg, png, webp]) {
    for (const part of [0.2, 0.5, 0.9]) {
      const fault = await refusal(file.subarray(0, Math.floor(part * file.length)))
      assert.match(showFault(fault), /^photo\.jpg: cannot be decoded/)
    }
  }
})

test('what is no JPEG, PNG or WebP is refused, whatever its name and whatever libvips can read', async () => {
  const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"></svg>')
  const gif = await sharp(jpeg).gif().toBuffer()
  for (const file of [svg, gif, new Uint8Array(), Buffer.from('RIFF1234WAVE')]) {
    assert.match(showFault(await refusal(file)), /^photo\.jpg: is no JPEG, PNG or WebP image/)
  }
})

test('an image smaller than the crop is refused', async () => {
  const plan: Preprocessing = { ...planOf('bilinear', 1, 60), resize: null }
  assert.match(showFault(await refusal(jpeg, plan)), /75 x 53 pixels, smaller than the crop of 60/)
})

test('sizes come from the header', async () => {
  assert.equal(right(await imageSize(jpeg, 'f')()), { width: 75, height: 53 })
})

test('16 bits a channel and colour palettes come as 8 bits of three channels', async () => {
  const deep = await sharp(jpeg).toColourspace('rgb16').png().toBuffer()
  const out = await decode(deep, null)
  const plain = await decode(jpeg, null)
  assert.is(out.channels, 3)
  assert.ok(meanDifference(out.bytes, plain.bytes) < 1)
})

test('damaged files end in pixels or a fault, never in a crash', async () => {
  const png = await pngOf(patternOf(20, 15))
  const webp = await sharp(png).webp().toBuffer()
  const edits = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 8 })
  const plan = planOf('bicubic', 12, 10)
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(jpeg, png, webp), edits, async (file, changes) => {
      const damaged = new Uint8Array(file)
      for (const [at, value] of changes) damaged[at % damaged.length] = value
      const out = await decodeImage(damaged, 'f', plan)()
      if (E.isRight(out)) assert.is(out.right.bytes.length, 10 * 10 * 3)
      else assert.not.match(showFault(out.left), /\n/)
    }),
    { numRuns: 150 },
  )
})

test.run()

// Sizes and crops as torchvision computes them, and channels.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import {
  geometryOf,
  type Preprocessing,
  preprocessings,
  preprocessPixels,
  resizedSize,
} from '../../src/data/preprocess.ts'
import { left, right } from '../support/either.ts'
import { patternOf } from '../support/image-files.ts'

const test = suite('preprocessing')

const imagenet = preprocessings['torchvision-224']
const none: Preprocessing = { ...imagenet, resize: null, crop: null }

test('the shorter side becomes what is asked for, the longer is rounded down', () => {
  const sizes = [
    [500, 375, 341, 256],
    [375, 500, 256, 341],
    [256, 256, 256, 256],
    [1000, 3, 85333, 256],
    [32, 32, 256, 256],
  ]
  for (const [width = 0, height = 0, w = 0, h = 0] of sizes) {
    assert.equal(resizedSize(imagenet.resize, { width, height }), { width: w, height: h })
  }
  const exact = { _tag: 'Exact', size: { width: 7, height: 5 } } as const
  assert.equal(resizedSize(exact, { width: 1, height: 9 }), { width: 7, height: 5 })
})

test('the crop is central, and an offset of a half goes to the even side', () => {
  const at = (width: number, height: number) =>
    right(geometryOf({ resize: null, crop: 224 }, { width, height })).part
  assert.equal(at(256, 256), { left: 16, top: 16, width: 224, height: 224 })
  assert.equal(at(341, 343).left, 58)
  assert.equal(at(341, 343).top, 60)
  assert.equal(right(geometryOf(imagenet, { width: 256, height: 256 })).part.left, 16)
})

test('a crop larger than the image is refused', () => {
  const said = left(geometryOf({ resize: null, crop: 33 }, { width: 40, height: 32 }))
  assert.is(said, '40 x 32 pixels, smaller than the crop of 33')
})

test('a grey image becomes three equal channels, and three channels do not become one', () => {
  const grey = patternOf(5, 4, 1, 1)
  const out = right(preprocessPixels(grey, none))
  assert.is(out.channels, 3)
  grey.bytes.forEach((v, i) => {
    assert.equal([...out.bytes.subarray(3 * i, 3 * i + 3)], [v, v, v])
  })
  const one: Preprocessing = { ...none, mean: [0], std: [1] }
  assert.match(left(preprocessPixels(patternOf(5, 4), one)), /5 x 4 x 3 pixels, where 1 channels/)
})

test('without resizing and cropping pixels stay as they are', () => {
  const image = patternOf(9, 8)
  assert.is(right(preprocessPixels(image, none)), image)
})

test('resizing and cropping give the part of the resized image', () => {
  const out = right(preprocessPixels(patternOf(32, 32), imagenet))
  assert.equal(
    [out.width, out.height, out.channels, out.bytes.length],
    [224, 224, 3, 224 * 224 * 3],
  )
})

test.run()

// Streams of images: every row once, in order, a few batches ahead and no more; faults end them.
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as fc from 'fast-check'
import * as TE from 'fp-ts/TaskEither'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type Fault, fault, showFault } from '../../src/core/fault.ts'
import { arraysSource, type ImageSource } from '../../src/data/image-source.ts'
import { holdImages, type ImageStream, streamImages } from '../../src/data/image-stream.ts'
import { packRows } from '../../src/data/labelled-images.ts'
import { preprocessings } from '../../src/data/preprocess.ts'
import { left, right } from '../support/either.ts'
import { patternOf } from '../support/image-files.ts'

const test = suite('image streams')

const COUNT = 23
const images = {
  ...patternOf(3, COUNT * 2, 0, 3),
  count: COUNT,
  width: 3,
  height: 2,
  features: 18,
  classes: 4,
  labels: Uint8Array.from({ length: COUNT }, (_, i) => i % 4),
  where: 'd',
  names: ['a', 'b', 'c', 'd'],
}
const all = Uint32Array.from({ length: COUNT }, (_, i) => i)
const standard = { mean: [0, 0, 0], std: [1, 1, 1] }
const source = arraysSource(images, { rows: all, classes: null }, standard)
const packed = packRows(images, all, null)

const streamOf = async (of: ImageSource): Promise<ImageStream> =>
  right(await streamImages(of, null)())

const collect = async (
  batches: AsyncIterable<E.Either<Fault, Uint32Array>>,
): Promise<ReadonlyArray<E.Either<Fault, Uint32Array>>> => {
  const got: Array<E.Either<Fault, Uint32Array>> = []
  for await (const batch of batches) got.push(batch)
  return got
}

test('give the rows of an order, packed as held images are, zeros after the last', async () => {
  const stream = await streamOf(source)
  assert.equal([stream.count, stream.classes, stream.features], [COUNT, 4, 18])
  assert.equal(stream.shape, { width: 3, height: 2, channels: 3 })
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat(COUNT - 1), { maxLength: 40 }),
      fc.integer({ min: 1, max: 9 }),
      async (order, size) => {
        const got = await collect(stream.batches(Uint32Array.from(order), size))
        assert.is(got.length, Math.ceil(order.length / size))
        got.forEach((batch, b) => {
          const words = right(batch)
          assert.is(words.length, size * 5)
          for (let i = 0; i < size; i++) {
            const row = order[b * size + i]
            const wanted =
              row === undefined ? [0, 0, 0, 0, 0] : [...packed.words.subarray(row * 5, row * 5 + 5)]
            assert.equal([...words.subarray(i * 5, i * 5 + 5)], wanted)
          }
        })
      },
    ),
  )
})

/** A source that notes which rows were decoded, later rows first. */
const slow = (noted: Array<number>, failing = -1): ImageSource => ({
  ...source,
  pixels: (row, plan) =>
    pipe(
      TE.fromTask(() => new Promise(resolve => setTimeout(resolve, 3 - (row % 3)))),
      TE.chain(() => {
        noted.push(row)
        return row === failing
          ? TE.left(fault('broken', `image ${row}`, 'mend it'))
          : source.pixels(row, plan)
      }),
    ),
})

test('run no more than two batches ahead of what was taken', async () => {
  const noted: Array<number> = []
  const stream = await streamOf(slow(noted))
  noted.length = 0
  const batches = stream.batches(all, 4)
  await batches.next()
  while (noted.length < 16) await new Promise(resolve => setTimeout(resolve, 5))
  await new Promise(resolve => setTimeout(resolve, 50))
  assert.is(noted.length, 16)
  await batches.return()
})

test('stop decoding when they are no longer read', async () => {
  const noted: Array<number> = []
  const stream = await streamOf(slow(noted))
  noted.length = 0
  for await (const batch of stream.batches(all, 2)) {
    assert.ok(E.isRight(batch))
    break
  }
  const had = noted.length
  await new Promise(resolve => setTimeout(resolve, 80))
  assert.ok(noted.length <= had + 2)
})

test('end with the fault of an image that cannot be decoded', async () => {
  const stream = await streamOf(slow([], 9))
  const got = await collect(stream.batches(all, 4))
  assert.equal(got.map(E.isRight), [true, true, false])
  assert.is(showFault(left(got[2] ?? E.right(null))), 'image 9: broken; mend it')
})

test('refuse images of unequal sizes', async () => {
  const odd: ImageSource = {
    ...source,
    pixels: row => TE.right(row === 5 ? patternOf(2, 3) : patternOf(3, 2)),
  }
  const got = await collect((await streamOf(odd)).batches(all, 23))
  assert.match(
    showFault(left(got[0] ?? E.right(null))),
    /d: image 5 is 2 x 3 x 3, the first 3 x 2 x 3; images of unequal sizes need a preprocessing/,
  )
})

test('can be held at once, with a preprocessing of one size for all', async () => {
  const held = right(await holdImages(source, null)())
  assert.equal([...held.words], [...packed.words])
  assert.equal([...held.labels], [...packed.labels])
  const plan = { ...preprocessings['torchvision-224'], crop: 20 }
  const cropped = right(await holdImages(source, plan)())
  assert.equal([cropped.count, cropped.features], [COUNT, 20 * 20 * 3])
})

test('of more than 2 GiB are not held', async () => {
  const many: ImageSource = { ...source, count: 20000, labels: new Uint32Array(20000) }
  const held = await holdImages(many, preprocessings['torchvision-224'])()
  assert.match(showFault(left(held)), /20000 images of 224 x 224 x 3 are more than the 2147483648/)
})

test.run()

// From data specs to images, on the packaged MNIST.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type DataSpec, parseDataSpec, type Split } from '../../src/codec/data-spec.ts'
import { showFault } from '../../src/core/fault.ts'
import { findDataSet, type LoadedImages, loadImages } from '../../src/data/data-sets.ts'
import { left, right } from '../support/either.ts'

const test = suite('data sets')

const spec = (text: string): DataSpec => right(parseDataSpec(text))
const load = async (text: string, split: Split): Promise<LoadedImages> =>
  right(await loadImages(spec(text), split, '/nowhere')())

test('take classes and a few images of each from the training split, all from the test split', async () => {
  const text = 'mnist?classes=5-9&perClass=100&seed=1'
  const train = await load(text, 'train')
  const test = await load(text, 'test')
  assert.is(train.images.count, 500)
  assert.is(train.images.classes, 5)
  assert.is(test.images.count, 892 + 958 + 1028 + 974 + 1009)
  assert.equal(new Set(test.images.labels), new Set([0, 1, 2, 3, 4]))
  assert.equal([train.mean, train.std], [[0.1307], [0.3081]])
})

test('take few images of the test split where the spec names it', async () => {
  const { images } = await load('mnist?split=test&perClass=3', 'test')
  assert.is(images.count, 30)
})

test('give a smaller subset within a larger one', async () => {
  const few = await load('mnist?classes=0-1&perClass=5&seed=2', 'train')
  const more = await load('mnist?classes=0-1&perClass=20&seed=2', 'train')
  const rows = ({ images }: LoadedImages): ReadonlyArray<string> =>
    Array.from({ length: images.count }, (_, i) =>
      images.words.subarray(i * 196, (i + 1) * 196).join(),
    )
  const larger = new Set(rows(more))
  assert.ok(rows(few).every(row => larger.has(row)))
})

test('that do not exist are a fault that lists what does', async () => {
  const said = (text: string): string => showFault(left(findDataSet(spec(text))))
  assert.match(said('mnits'), /unknown data set 'mnits'; did you mean 'mnist'\?/)
  assert.match(said('imagenet21k'), /known are .*mnist/)
  assert.match(said('constructor'), /unknown data set/)
  assert.match(said('mnist:folder'), /takes no path; write mnist/)
  const outside = left(await loadImages(spec('mnist?classes=8-10'), 'train', '/nowhere')())
  assert.match(showFault(outside), /there is no class 10; classes are 0-9/)
})

test.run()

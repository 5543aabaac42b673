// Specs of image files opened: splits, classes, subsets, sizes; and sets of ../shared.
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type DataSpec, parseDataSpec, type Split } from '../../src/codec/data-spec.ts'
import { showFault } from '../../src/core/fault.ts'
import { loadImages, openImages } from '../../src/data/data-sets.ts'
import { streamImages } from '../../src/data/image-stream.ts'
import { preprocessings } from '../../src/data/preprocess.ts'
import { left, right } from '../support/either.ts'
import { patternOf, pngOf, tarOf, writeTree } from '../support/image-files.ts'

const test = suite('image sources')

const root = mkdtempSync(join(tmpdir(), 'collapse-test-'))
test.after(() => rmSync(root, { recursive: true }))

const PER_CLASS = 10
const classes = ['ant', 'bee', 'cow']
const files: Readonly<Record<string, Uint8Array>> = Object.fromEntries(
  await Promise.all(
    classes.flatMap((name, c) =>
      Array.from({ length: PER_CLASS }, async (_, i) => {
        const image = patternOf(4, 3, c * PER_CLASS + i)
        return [`${name}/${i}.png`, await pngOf(image)] as const
      }),
    ),
  ),
)
writeTree(join(root, 'photos'), files)
writeFileSync(
  join(root, 'photos.tar'),
  tarOf(Object.entries(files).map(([path, content]) => ({ path, content }))),
)
const folder = `folder:${join(root, 'photos')}`

const spec = (text: string): DataSpec => right(parseDataSpec(text))
const open = async (text: string, split: Split | null) =>
  right(await openImages(spec(text), split, root)())
const refusal = async (text: string, split: Split | null): Promise<string> =>
  showFault(left(await openImages(spec(text), split, root)()))

test('are parted by the seed of the spec where no folders part them', async () => {
  for (const [split, n] of [
    ['train', 8],
    ['test', 2],
    [null, 10],
  ] as const) {
    const source = await open(folder, split)
    assert.equal(source.names, classes)
    assert.equal(
      [...source.labels],
      classes.flatMap((_, c) => Array.from({ length: n }, () => c)),
    )
  }
  const held = async (text: string) =>
    right(await loadImages(spec(text), 'test', root)()).images.words
  assert.equal(await held(folder), await held(folder))
  assert.not.equal(await held(`${folder}?seed=1`), await held(`${folder}?seed=5`))
})

test('are the same from a folder and from an archive, pixel for pixel', async () => {
  const a = right(await loadImages(spec(folder), 'train', root)())
  const b = right(await loadImages(spec(`tar:${join(root, 'photos.tar')}`), 'train', root)())
  assert.equal(a, b)
  assert.equal(a.shape, { width: 4, height: 3, channels: 3 })
  const stored = patternOf(4, 3, 0).bytes
  const whole = await open(folder, null)
  assert.equal([...right(await whole.pixels(0, null)()).bytes], [...stored])
})

test('take classes in their new order and few of each', async () => {
  const source = await open(`${folder}?classes=2,0&perClass=3&seed=1`, 'train')
  assert.equal(source.names, ['cow', 'ant'])
  assert.is(source.count, 6)
  assert.equal([...source.labels].sort(), [0, 0, 0, 1, 1, 1])
  assert.is((await open(`${folder}?perClass=3`, 'test')).count, 6)
  assert.is((await open(`${folder}?perClass=1&split=test`, null)).count, 3)
})

test('are preprocessed to one shape', async () => {
  const source = await open(folder, 'train')
  const plan = { ...preprocessings['torchvision-224'], crop: 100 }
  const stream = right(await streamImages(source, plan)())
  assert.equal(stream.shape, { width: 100, height: 100, channels: 3 })
  assert.equal([stream.mean, stream.std], [plan.mean, plan.std])
})

test('that are not there are faults', async () => {
  assert.match(
    await refusal(`${folder}?classes=2-3`, 'train'),
    /there is no class 3; classes are 0-2/,
  )
  assert.match(await refusal(`${folder}?perClass=9`, 'train'), /class 0 has 8 samples, not 9/)
  assert.match(await refusal(`folder:${root}/none`, 'train'), /none: cannot read/)
  assert.match(await refusal('folder', 'train'), /a path must follow the name; write folder:PATH/)
  assert.match(await refusal('tar:', 'train'), /write tar:PATH/)
  assert.match(await refusal('cifar10', 'train'), /cifar10: no such folder/)
  const flat = join(root, 'flat.tar')
  writeFileSync(flat, tarOf([{ path: '0_a.png' }, { path: '1_b.png' }]))
  assert.match(
    await refusal(`tar:${flat}`, 'test'),
    /test split: holds no images; take another split/,
  )
})

test('name the file that cannot be decoded', async () => {
  const broken = join(root, 'broken')
  writeTree(broken, { ...files, 'bee/3.png': new Uint8Array(100) })
  const loaded = await loadImages(spec(`folder:${broken}`), 'train', root)()
  assert.match(showFault(left(loaded)), /broken, bee\/3\.png: is no JPEG, PNG or WebP image/)
})

const samples = join(import.meta.dir, '../../../shared/data/imagenet-samples/imagenet1000_256.tar')

test('of numbered samples are one a class', async () => {
  if (!existsSync(samples)) {
    console.log('skipped: no ../shared/data/imagenet-samples')
    return
  }
  const source = await open(`tar:${samples}`, null)
  assert.is(source.count, 1000)
  assert.equal(
    [...source.labels],
    Array.from({ length: 1000 }, (_, i) => i),
  )
  const plan = preprocessings['torchvision-224']
  const cropped = right(await source.pixels(7, plan)())
  const whole = right(await source.pixels(7, null)())
  assert.equal([cropped.width, whole.width], [224, 256])
  const row = whole.bytes.subarray((16 * 256 + 16) * 3, (16 * 256 + 240) * 3)
  assert.equal([...cropped.bytes.subarray(0, 224 * 3)], [...row])
})

const tiny = join(import.meta.dir, '../../../shared/data/tiny-imagenet/tiny40.tar')

test('of a real archive have its splits', async () => {
  if (!existsSync(tiny)) {
    console.log('skipped: no ../shared/data/tiny-imagenet')
    return
  }
  assert.is((await open(`tar:${tiny}`, 'train')).count, 4000)
  const held = await open(`tar:${tiny}`, null)
  assert.is(held.count, 2000)
  assert.is(held.names[0], 'n01443537')
})

test.run()

// Classes and splits from paths: folders, numbered names, given and seeded splits.
import * as fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { showFault } from '../../src/core/fault.ts'
import {
  classTree,
  filesOf,
  isImageName,
  type Listing,
  splitFolders,
  withoutCommonFolders,
} from '../../src/data/class-tree.ts'
import { left, right } from '../support/either.ts'

const test = suite('class trees')

const tree = (paths: ReadonlyArray<string>, classFolders: Listing['classFolders'] = []) =>
  right(classTree({ paths, classFolders }, 'd'))

const refusal = (paths: ReadonlyArray<string>, classFolders: Listing['classFolders'] = []) =>
  showFault(left(classTree({ paths, classFolders }, 'd')))

test('a folder is a class, in the order of names, files within at any depth', () => {
  const { names, files } = tree(['dog/2.png', 'cat/x/1.png', 'a-b/3.png', 'dog/1.png', 'root.png'])
  assert.equal(names, ['a-b', 'cat', 'dog'])
  assert.equal(
    files.map(({ path, label }) => `${label} ${path}`),
    ['0 a-b/3.png', '1 cat/x/1.png', '2 dog/1.png', '2 dog/2.png'],
  )
  assert.ok(files.every(({ split }) => split === null))
})

test('train and test are splits, and val where there is no test', () => {
  const paths = ['train/a/1.png', 'train/b/2.png', 'val/a/3.png', 'val/b/4.png']
  assert.equal(
    tree(paths).files.map(({ label, split }) => [label, split]),
    [
      [0, 'train'],
      [0, 'test'],
      [1, 'train'],
      [1, 'test'],
    ],
  )
  const both = tree([...paths, 'test/a/5.png'])
  assert.equal(
    filesOf(both, 'test', 0).map(({ path }) => path),
    ['test/a/5.png'],
  )
})

test('train among other folders is a class, unless test or val lies beside it', () => {
  assert.equal(tree(['train/1.png', 'bus/2.png', 'car/3.png']).names, ['bus', 'car', 'train'])
  assert.is(splitFolders(['train', 'bus']).size, 0)
  assert.equal([...splitFolders(['train', 'val', 'docs']).keys()], ['train', 'val'])
  assert.equal([...splitFolders(['train']).keys()], ['train'])
})

test('files in no folder have their class in front of their name', () => {
  const { names, files } = tree(['002_b.jpg', '000_a.jpg', '010-c.jpg'])
  assert.is(names.length, 11)
  assert.equal(
    files.map(({ label }) => label),
    [0, 2, 10],
  )
})

test('files in no folder whose names all end in a number have their class before it', () => {
  const { names, files } = tree(['pug_2.jpg', 'Great_Dane_10.jpg', 'Great_Dane_1.jpg'])
  assert.equal(names, ['Great_Dane', 'pug'])
  assert.equal(
    files.map(({ path, label }) => [path, label]),
    [
      ['Great_Dane_1.jpg', 0],
      ['Great_Dane_10.jpg', 0],
      ['pug_2.jpg', 1],
    ],
  )
  assert.match(refusal(['pug_2.jpg', 'cat.jpg']), /'pug_2\.jpg' lies in no folder/)
})

test('what has no classes is refused and says why', () => {
  assert.match(refusal([]), /^d: holds no JPEG, PNG or WebP images/)
  assert.match(refusal(['0_a.png', 'b.png']), /'b\.png' lies in no folder of a class/)
  assert.match(refusal(['99999_a.png']), /neither INDEX_name nor CLASS_number/)
  assert.match(refusal(['a/1.png', 'a/2.png']), /one class only/)
  assert.match(refusal(['0_a.png']), /one class only/)
  assert.match(refusal(['a/1.png', 'b/2.png'], ['a', 'b', 'c']), /class 'c' has no images/)
  assert.match(
    refusal(['train/a/1.png', 'train/b/1.png', 'test/c/1.png']),
    /class 'c' has no training images/,
  )
  assert.match(
    refusal(['train/a/1.png', 'train/b/1.png'], ['train/a', 'train/b', 'test/a']),
    /class 'test\/a' has no images/,
  )
})

test('images are known by their names, hidden ones passed over', () => {
  assert.equal(
    ['a.JPG', 'a.jpeg', 'b/c.png', 'x.webp', 'x.txt', '.a.png', '__/.h/a.png', 'png'].map(
      isImageName,
    ),
    [true, true, true, true, false, false, false, false],
  )
})

test('folders that all files share go, train stays', () => {
  assert.equal(withoutCommonFolders(['x/y/a/1', 'x/y/b/2']), ['a/1', 'b/2'])
  assert.equal(withoutCommonFolders(['x/train/a/1', 'x/train/b/2']), ['train/a/1', 'train/b/2'])
  assert.equal(withoutCommonFolders(['x/1', 'x/2']), ['1', '2'])
})

const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 2, maxLength: 5 })

test('a seeded split parts each class, a fifth and at least one of two for testing', () => {
  fc.assert(
    fc.property(sizes, fc.nat(), (counts, seed) => {
      const made = tree(
        counts.flatMap((n, c) => Array.from({ length: n }, (_, i) => `c${c}/${i}.png`)),
      )
      const [train, held] = [filesOf(made, 'train', seed), filesOf(made, 'test', seed)]
      const together = [...train, ...held].map(({ path }) => path)
      assert.is(new Set(together).size, made.files.length)
      assert.is(together.length, made.files.length)
      counts.forEach((n, c) => {
        const tested = held.filter(({ label }) => label === c).length
        assert.is(tested, n < 2 ? 0 : Math.max(1, Math.floor(n / 5)))
      })
      assert.equal(filesOf(made, 'test', seed), held)
      assert.is(filesOf(made, null, seed).length, made.files.length)
    }),
  )
})

test('another seed is another split', () => {
  const made = tree(Array.from({ length: 60 }, (_, i) => `c${i % 2}/${i}.png`))
  assert.not.equal(filesOf(made, 'test', 1), filesOf(made, 'test', 2))
})

test.run()

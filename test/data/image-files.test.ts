// Image files in folders and archives: found, read in place, and refused where they cannot be.
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { showFault } from '../../src/core/fault.ts'
import { folderImages, type ImageFiles, tarImages } from '../../src/data/image-files.ts'
import { left, right } from '../support/either.ts'
import { tarOf, writeTree } from '../support/image-files.ts'

const test = suite('image files')

const root = mkdtempSync(join(tmpdir(), 'collapse-test-'))
test.after(() => rmSync(root, { recursive: true }))

const bytes = (...values: ReadonlyArray<number>): Uint8Array => Uint8Array.from(values)

const tree: Readonly<Record<string, Uint8Array>> = {
  'train/cat/1.png': bytes(1),
  'train/cat/deep/2.jpg': bytes(2),
  'train/dog/3.webp': bytes(3),
  'test/cat/4.jpeg': bytes(4),
  'test/dog/5.png': bytes(5, 5),
}

const clutter: Readonly<Record<string, Uint8Array>> = {
  'train/cat/notes.txt': bytes(0),
  'train/.cache/6.png': bytes(0),
  'train/dog/._3.webp': bytes(0),
  'readme.md': bytes(0),
}

const contents = async ({ files, read }: ImageFiles): Promise<ReadonlyArray<string>> =>
  Promise.all(
    files.map(async ({ path, label, split }) => {
      const file = right(await read(path)())
      return `${split} ${label} ${path} ${[...file]}`
    }),
  )

const wanted = [
  'test 0 test/cat/4.jpeg 4',
  'train 0 train/cat/1.png 1',
  'train 0 train/cat/deep/2.jpg 2',
  'test 1 test/dog/5.png 5,5',
  'train 1 train/dog/3.webp 3',
]

test('lie in folders by class and split, other files passed over', async () => {
  const folder = join(root, 'tree')
  writeTree(folder, { ...tree, ...clutter })
  const found = right(await folderImages(folder)())
  assert.equal(found.names, ['cat', 'dog'])
  assert.equal(await contents(found), wanted)
})

test('lie in an archive the same way, below a folder of its own or not', async () => {
  const entries = Object.entries({ ...tree, ...clutter })
  for (const prefix of ['', './', 'photos/of/mine/']) {
    const path = join(root, 'tree.tar')
    writeFileSync(path, tarOf(entries.map(([p, content]) => ({ path: prefix + p, content }))))
    const found = right(await tarImages(path)())
    assert.equal(await contents(found), wanted)
  }
})

test('are numbered by their names in a flat archive', async () => {
  const path = join(root, 'flat.tar')
  writeFileSync(path, tarOf([{ path: '001_b.png', content: bytes(9) }, { path: '000_a.png' }]))
  const found = right(await tarImages(path)())
  assert.equal(
    found.files.map(({ path: p, label }) => `${label} ${p}`),
    ['0 000_a.png', '1 001_b.png'],
  )
  assert.equal([...right(await found.read('001_b.png')())], [9])
})

test('are found through links to class folders, and links that go round end', async () => {
  const folder = join(root, 'linked')
  writeTree(folder, { 'a/1.png': bytes(1), 'elsewhere/.keep': bytes() })
  rmSync(join(folder, 'elsewhere'), { recursive: true })
  symlinkSync(join(root, 'tree', 'train', 'dog'), join(folder, 'b'))
  symlinkSync(folder, join(folder, 'a', 'round'))
  const found = right(await folderImages(folder)())
  assert.equal(
    found.files.map(({ path }) => path),
    ['a/1.png', 'b/3.webp'],
  )
})

test('an empty class folder is a fault', async () => {
  const folder = join(root, 'empty')
  writeTree(folder, { 'a/1.png': bytes(1), 'b/2.png': bytes(2) })
  mkdirSync(join(folder, 'c'))
  assert.match(showFault(left(await folderImages(folder)())), /empty: class 'c' has no images/)
})

test('a folder that is not there, is a file or cannot be read is a fault', async () => {
  const said = async (path: string): Promise<string> => showFault(left(await folderImages(path)()))
  assert.match(await said(join(root, 'none')), /none: cannot read the file: no such file/)
  assert.match(await said(join(root, 'flat.tar')), /flat\.tar: cannot read/)
  if (process.getuid?.() === 0) return
  const folder = join(root, 'closed')
  writeTree(folder, { 'a/1.png': bytes(1), 'b/2.png': bytes(2) })
  chmodSync(join(folder, 'b'), 0)
  assert.match(await said(folder), /closed\/b: cannot read the file: permission denied/)
  chmodSync(join(folder, 'b'), 0o700)
})

test('an archive that is missing, a folder, compressed or no archive is a fault', async () => {
  const said = async (path: string): Promise<string> => showFault(left(await tarImages(path)()))
  assert.match(await said(join(root, 'none.tar')), /no such file/)
  assert.match(await said(root), /not a regular file|cannot read/)
  const zipped = join(root, 'z.tar.gz')
  writeFileSync(zipped, gzipSync(tarOf([{ path: 'a/1.png' }])))
  assert.match(await said(zipped), /is compressed.*; gunzip it/)
  const text = join(root, 'text.tar')
  writeFileSync(text, 'x'.repeat(3000))
  assert.match(await said(text), /no tar archive/)
})

test('a file that goes away is a fault when it is read', async () => {
  const folder = join(root, 'going')
  writeTree(folder, { 'a/1.png': bytes(1), 'b/2.png': bytes(2) })
  const found = right(await folderImages(folder)())
  rmSync(join(folder, 'b'), { recursive: true })
  assert.match(showFault(left(await found.read('b/2.png')())), /2\.png: .*no such file/)
})

test.run()

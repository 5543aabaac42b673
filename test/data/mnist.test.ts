// MNIST: the packaged files, files of one's own, and what is wrong with damaged ones.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { encodeIdx } from '../../src/codec/idx.ts'
import { showFault } from '../../src/core/fault.ts'
import { readMnist } from '../../src/data/mnist.ts'
import { left, right } from '../support/either.ts'

const test = suite('MNIST')

const root = mkdtempSync(join(tmpdir(), 'collapse-test-'))
test.after(() => rmSync(root, { recursive: true }))

test('comes whole from the package where the data folder has none', async () => {
  const train = right(await readMnist(join(root, 'none'), 'train')())
  const held = right(await readMnist(join(root, 'none'), 'test')())
  assert.is(train.count, 60000)
  assert.is(held.count, 10000)
  assert.is(train.features, 784)
  const counts = new Uint32Array(10)
  for (const label of train.labels) counts[label] = (counts[label] ?? 0) + 1
  assert.equal([...counts], [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949])
  assert.equal([...train.labels.slice(0, 10)], [5, 0, 4, 1, 9, 2, 1, 3, 1, 4])
  let sum = 0
  let squares = 0
  for (const byte of train.bytes) {
    sum += byte
    squares += byte * byte
  }
  const mean = sum / train.bytes.length / 255
  const std = Math.sqrt(squares / train.bytes.length / 255 ** 2 - mean ** 2)
  assert.ok(Math.abs(mean - 0.1307) < 5e-5, `${mean}`)
  assert.ok(Math.abs(std - 0.3081) < 5e-5, `${std}`)
})

const bytes = Uint8Array.from({ length: 12 }, (_, i) => i)

const folder = (name: string, files: Readonly<Record<string, Uint8Array>>): string => {
  const dir = join(root, name)
  mkdirSync(join(dir, 'mnist'), { recursive: true })
  for (const [file, content] of Object.entries(files))
    writeFileSync(join(dir, 'mnist', file), content)
  return dir
}

const images = encodeIdx({ shape: [3, 2, 2], bytes })
const labels = (...values: ReadonlyArray<number>): Uint8Array =>
  encodeIdx({ shape: [values.length], bytes: Uint8Array.from(values) })

test('comes from the data folder where it is there, plain or gzipped', async () => {
  const dir = folder('own', {
    't10k-images-idx3-ubyte.gz': gzipSync(images),
    't10k-labels-idx1-ubyte': labels(3, 1, 9),
  })
  const read = right(await readMnist(dir, 'test')())
  assert.equal([...read.bytes], [...bytes])
  assert.equal([...read.labels], [3, 1, 9])
  assert.is(read.features, 4)
})

const wrong: ReadonlyArray<readonly [string, Readonly<Record<string, Uint8Array>>, RegExp]> = [
  ['a missing file', {}, /t10k-images-idx3-ubyte: the file is missing/],
  [
    'a truncated file',
    { 't10k-images-idx3-ubyte': images.subarray(0, 20), 't10k-labels-idx1-ubyte': labels(1, 2, 3) },
    /t10k-images-idx3-ubyte: 4 bytes for \[3, 2, 2\]: the file is truncated/,
  ],
  [
    'labels of another length',
    { 't10k-images-idx3-ubyte': images, 't10k-labels-idx1-ubyte': labels(1, 2) },
    /t10k-labels-idx1-ubyte: 2 labels for 3 images/,
  ],
  [
    'a label past 9',
    { 't10k-images-idx3-ubyte': images, 't10k-labels-idx1-ubyte': labels(1, 10, 2) },
    /t10k-labels-idx1-ubyte: label 10 in row 1/,
  ],
]

for (const [name, files, said] of wrong) {
  test(`${name} is a fault that names the file`, async () => {
    const fault = left(await readMnist(folder(name, files), 'test')())
    assert.match(showFault(fault), said)
    assert.is(fault.exit, 2)
  })
}

test.run()

// CIFAR-10 and CIFAR-100: the usual folders, some batches of all, and the real files where they are at hand.
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type CifarForm, encodeCifar } from '../../src/codec/cifar.ts'
import { showFault } from '../../src/core/fault.ts'
import { cifar10, cifar100, locateCifar, readCifar } from '../../src/data/cifar.ts'
import { left, right } from '../support/either.ts'
import { writeTree } from '../support/image-files.ts'

const test = suite('CIFAR')

const top = mkdtempSync(join(tmpdir(), 'collapse-test-'))
test.after(() => rmSync(top, { recursive: true }))

const file = (labels: ReadonlyArray<number>, form: CifarForm): Uint8Array =>
  encodeCifar(
    {
      labels: Uint8Array.from(labels),
      bytes: Uint8Array.from({ length: labels.length * 3072 }, (_, i) => Math.floor(i / 3072)),
    },
    form,
  )

const rootWith = (name: string, files: Readonly<Record<string, Uint8Array>>): string => {
  const root = join(top, name)
  writeTree(root, files)
  return root
}

test('some of the training batches are enough, plain or gzipped, in the order of their numbers', async () => {
  const root = rootWith('some', {
    'cifar10/data_batch_3.bin': file([3, 4], cifar10),
    'cifar10/data_batch_1.bin.gz': gzipSync(file([1], cifar10)),
    'cifar10/test_batch.bin': file([9], cifar10),
    'cifar10/classes.txt': new TextEncoder().encode('a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n'),
  })
  const train = right(await readCifar(cifar10)(root, 'train')())
  assert.equal([...train.labels], [1, 3, 4])
  assert.equal([train.count, train.width, train.height, train.channels], [3, 32, 32, 3])
  assert.equal(
    [0, 1, 2].map(i => train.bytes[i * 3072]),
    [0, 0, 1],
  )
  assert.equal(train.names.slice(0, 2), ['a', 'b'])
  assert.equal([...right(await readCifar(cifar10)(root, 'test')()).labels], [9])
})

test("the official archives' folders are found, beside the data folder's own or within it", async () => {
  for (const folder of ['cifar-100-binary', 'cifar100', 'cifar100/cifar-100-binary']) {
    const root = rootWith(folder.replace('/', '-in-'), {
      [`${folder}/train.bin`]: file([99, 0], cifar100),
    })
    assert.is(right(locateCifar(cifar100, root)), join(root, folder))
    const read = right(await readCifar(cifar100)(root, 'train')())
    assert.equal([...read.labels], [99, 0])
    assert.is(read.names[99], '99')
  }
})

const refusal = async (name: string, files: Readonly<Record<string, Uint8Array>>) =>
  showFault(left(await readCifar(cifar10)(rootWith(name, files), 'train')()))

test('what is missing or damaged is named', async () => {
  assert.match(
    await refusal('none', {}),
    /none\/cifar10: no such folder; unpack the binary version/,
  )
  assert.match(
    await refusal('no-train', { 'cifar10/test_batch.bin': file([1], cifar10) }),
    /there is no data_batch_1\.bin and no data_batch_1\.bin\.gz/,
  )
  assert.match(
    await refusal('short', { 'cifar10/data_batch_2.bin': new Uint8Array(3074) }),
    /data_batch_2\.bin: 3074 bytes are no whole number of records of 3073/,
  )
  assert.match(
    await refusal('label', { 'cifar10/data_batch_1.bin': file([3, 10], cifar10) }),
    /data_batch_1\.bin: label 10 in record 1; labels are 0-9/,
  )
})

test('a gzip bomb is refused at the size of the longest file there is', async () => {
  const bomb = gzipSync(new Uint8Array(3073 * 10001))
  assert.match(
    await refusal('bomb', { 'cifar10/data_batch_1.bin.gz': bomb }),
    /data_batch_1\.bin\.gz: inflates to more than 30730000 bytes/,
  )
})

const shared = join(import.meta.dir, '../../../shared/data')

test('the real files hold what is known of them', async () => {
  if (!existsSync(join(shared, 'cifar10'))) {
    console.log('skipped: no ../shared/data/cifar10')
    return
  }
  const held = right(await readCifar(cifar10)(shared, 'test')())
  const counts = new Uint32Array(10)
  for (const label of held.labels) counts[label] = (counts[label] ?? 0) + 1
  assert.equal(
    [...counts],
    Array.from({ length: 10 }, () => 1000),
  )
  assert.is(held.names[9], 'truck')
  const sums = [0, 0, 0]
  held.bytes.forEach((v, i) => {
    sums[i % 3] = (sums[i % 3] ?? 0) + v
  })
  const means = sums.map(sum => sum / (255 * 1024 * held.count))
  ;[0.4942, 0.4851, 0.4504].forEach((wanted, c) => {
    assert.ok(Math.abs((means[c] ?? 0) - wanted) < 1e-3, `${means}`)
  })
  const fine = right(await readCifar(cifar100)(shared, 'train')())
  assert.is(fine.classes, 100)
  assert.is(fine.names[8], 'bicycle')
})

test.run()

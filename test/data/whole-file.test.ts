// Files read whole within a bound, plain and gzipped.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { showFault } from '../../src/core/fault.ts'
import { plainOrGzip, readInflated, readWhole } from '../../src/data/whole-file.ts'
import { left, right } from '../support/either.ts'

const test = suite('whole files')

const root = mkdtempSync(join(tmpdir(), 'collapse-test-'))
test.after(() => rmSync(root, { recursive: true }))

const file = (name: string, content: Uint8Array): string => {
  const path = join(root, name)
  writeFileSync(path, content)
  return path
}

const content = Uint8Array.from({ length: 1000 }, (_, i) => i % 256)

test('are read whole or in part', async () => {
  const path = file('a', content)
  assert.equal([...right(await readWhole(path, 1000)())], [...content])
  assert.equal([...right(await readWhole(path, 1000, { offset: 7, size: 5 })())], [7, 8, 9, 10, 11])
})

test('are inflated where they are gzipped, whatever their name', async () => {
  for (const stored of [content, gzipSync(content)]) {
    assert.equal([...right(await readInflated(file('b', stored), 1000)())], [...content])
  }
})

test('of more bytes than allowed are refused, before and after inflating', async () => {
  assert.match(showFault(left(await readWhole(file('c', content), 999)())), /1000 bytes, of which/)
  const bomb = file('d.gz', gzipSync(new Uint8Array(2 ** 24)))
  const fault = left(await readInflated(bomb, 2 ** 20)())
  assert.match(showFault(fault), /d\.gz: inflates to more than 1048576 bytes; fetch the file again/)
})

test('of gzip that is damaged or cut short are refused', async () => {
  const zipped = gzipSync(content)
  for (const part of [zipped.subarray(0, 12), zipped.subarray(0, zipped.length - 3)]) {
    const fault = left(await readInflated(file('e.gz', part), 2000)())
    assert.match(showFault(fault), /e\.gz: the gzip data are broken or truncated/)
  }
})

test('that are not there, folders, or shorter than the part asked for are refused', async () => {
  assert.match(showFault(left(await readWhole(join(root, 'no'), 9)())), /no: .*no such file/)
  assert.match(showFault(left(await readWhole(root, 9)())), /not a regular file|cannot read/)
  const short = await readWhole(file('f', content), 1000, { offset: 990, size: 20 })()
  assert.match(showFault(left(short)), /became shorter/)
})

test('are found plain before gzipped', () => {
  file('g.gz', content)
  assert.is(plainOrGzip(root, 'g'), join(root, 'g.gz'))
  file('g', content)
  assert.is(plainOrGzip(root, 'g'), join(root, 'g'))
  assert.is(plainOrGzip(root, 'h'), null)
})

test.run()

// Files without a name: writable and readable, and never to be found in their folder.
import { fstatSync, mkdtempSync, readdirSync, readSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { unnamedFile } from '../../src/data/unnamed-file.ts'

const test = suite('unnamed files')
const folder = mkdtempSync(join(tmpdir(), 'collapse-test-'))
test.after(() => rmSync(folder, { recursive: true }))

test('hold what is written, for this user alone, in a folder that stays empty', () => {
  const [a, b] = [unnamedFile(folder), unnamedFile(folder)]
  writeSync(a.fd, 'first')
  writeSync(b.fd, 'second')
  assert.equal(readdirSync(folder), [])
  assert.is(fstatSync(a.fd).mode & 0o777, 0o600)
  const read = new Uint8Array(5)
  assert.is(readSync(a.fd, read, 0, 5, 0), 5)
  assert.is(new TextDecoder().decode(read), 'first')
  a.close()
  b.close()
  assert.throws(() => fstatSync(a.fd))
})

test('cannot be made in a folder that is not there', () => {
  assert.throws(() => unnamedFile(join(folder, 'none')), /ENOENT/)
})

test.run()

// Atomic writes: whole files or none, and no temporary names left.
import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { showFault } from '../../src/core/fault.ts'
import { writeAtomic } from '../../src/data/atomic-file.ts'
import { left, right } from '../support/either.ts'
import { makeFolder } from '../support/feature-files.ts'

const test = suite('writeAtomic')

const folder = makeFolder()
test.after(folder.remove)

test('writes text and bytes, and replaces what was there', async () => {
  const at = folder.path('a.txt')
  right(await writeAtomic(at, 'first')())
  right(await writeAtomic(at, Uint8Array.of(104, 105))())
  assert.is(readFileSync(at, 'utf8'), 'hi')
  assert.equal(readdirSync(folder.path('.')), ['a.txt'])
})

test('leaves nothing where it cannot write', async () => {
  const missing = left(await writeAtomic(folder.path('none/a.txt'), 'x')())
  assert.match(showFault(missing), /none.a\.txt: cannot write the file/)
  mkdirSync(folder.path('taken/inside'), { recursive: true })
  left(await writeAtomic(folder.path('taken'), 'x')())
  assert.equal(readdirSync(folder.path('.')).sort(), ['a.txt', 'taken'])
})

test('may be called many times at once', async () => {
  const at = folder.path('b.txt')
  const texts = Array.from({ length: 20 }, (_, i) => String(i).repeat(1000))
  for (const done of await Promise.all(texts.map(text => writeAtomic(at, text)()))) right(done)
  assert.ok(texts.includes(readFileSync(at, 'utf8')))
})

test.run()

// Run folders: numbered, never over one another, and their files.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { showFault } from '../../src/core/fault.ts'
import {
  appendLine,
  makeFolder,
  makeNumbered,
  readText,
  removeFolder,
  vacant,
} from '../../src/data/run-folder.ts'
import { left, right } from '../support/either.ts'

const test = suite('run folders')

const root = mkdtempSync(join(tmpdir(), 'collapse-test-'))
test.after(() => rmSync(root, { recursive: true }))

test('take the first free number, also when made at once', async () => {
  const runs = join(root, 'runs')
  assert.is(right(await makeNumbered(runs, 'mlp')()), join(runs, 'mlp-1'))
  mkdirSync(join(runs, 'mlp-2'))
  const made = await Promise.all([makeNumbered(runs, 'mlp')(), makeNumbered(runs, 'mlp')()])
  assert.equal(made.map(right).sort(), [join(runs, 'mlp-3'), join(runs, 'mlp-4')])
})

test('are made with those above them, or used when empty, but never over files', async () => {
  const dir = join(root, 'a', 'b')
  assert.is(right(await makeFolder(dir)()), dir)
  assert.is(right(await makeFolder(dir)()), dir)
  writeFileSync(join(dir, 'x'), '')
  const fault = left(await makeFolder(dir)())
  assert.match(showFault(fault), /the folder is not empty; choose another with --out/)
  assert.is(fault.exit, 2)
  assert.is(left(await vacant(dir)()).what, 'the folder is not empty')
  right(await vacant(join(root, 'new'))())
  assert.not.ok(existsSync(join(root, 'new')))
})

test('that cannot be made are a fault', async () => {
  writeFileSync(join(root, 'file'), '')
  assert.match(left(await makeFolder(join(root, 'file', 'x'))()).what, /cannot make the folder/)
  assert.match(left(await makeNumbered(join(root, 'file'), 'x')()).what, /cannot make the folder/)
})

test('are removed with all in them, and may be gone already', async () => {
  const dir = right(await makeFolder(join(root, 'gone'))())
  writeFileSync(join(dir, 'x'), '')
  right(await removeFolder(dir)())
  assert.not.ok(existsSync(dir))
  right(await removeFolder(dir)())
  const [one, two] = [join(root, 'up', 'one'), join(root, 'up', 'two')]
  right(await makeFolder(one)())
  right(await makeFolder(two)())
  right(await removeFolder(one, true)())
  assert.ok(existsSync(two))
  right(await removeFolder(two, true)())
  assert.not.ok(existsSync(join(root, 'up')))
})

test('have files to which lines are added', async () => {
  const path = join(root, 'lines')
  right(await appendLine(path, 'one')())
  right(await appendLine(path, 'two')())
  assert.is(readFileSync(path, 'utf8'), 'one\ntwo\n')
  assert.is(right(await readText(path, '')()), 'one\ntwo\n')
  assert.is(
    showFault(left(await readText(join(root, 'no'), 'm')())),
    `${join(root, 'no')}: no such file; m`,
  )
})

test.run()

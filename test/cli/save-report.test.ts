// The folder of a report: both files whole, a fault in one line where it cannot be; and command lines for a shell.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { commandLine, saveReport } from '../../cli/save-report.ts'
import { showFault } from '../../src/core/fault.ts'
import { left, right } from '../support/either.ts'
import { makeFolder } from '../support/feature-files.ts'

const test = suite('saving a report')
const folder = makeFolder()
test.after(folder.remove)

test('makes the folder and writes the page and the result', async () => {
  const at = folder.path('a/b')
  const page = right(await saveReport(at, async () => '<p>', { x: [1] })())
  assert.is(page, join(at, 'index.html'))
  assert.equal(readdirSync(at).sort(), ['index.html', 'result.json'])
  assert.is(readFileSync(page, 'utf8'), '<p>')
  assert.equal(JSON.parse(readFileSync(join(at, 'result.json'), 'utf8')), { x: [1] })
})

test('says in one line where it cannot, and leaves no half', async () => {
  const file = folder.bytes('file', 'x')
  const inFile = left(await saveReport(join(file, 'sub'), async () => '', null)())
  assert.match(showFault(inFile), /sub: lies below a file; choose another --out$/)
  const isFile = left(await saveReport(file, async () => '', null)())
  assert.match(showFault(isFile), /file: is a file; choose another --out$/)
  const at = folder.path('c')
  const failing = saveReport(at, () => Promise.reject(new Error('no ink')), null)
  assert.match(showFault(left(await failing())), /could not be drawn: Error: no ink/)
  assert.not.ok(existsSync(join(at, 'result.json')))
})

test('quotes what a shell would take apart', () => {
  assert.is(
    commandLine(['collapse', '--data', 'cifar10?perClass=2', '--out', "it's here", 'a/b-c_1.0']),
    "collapse --data 'cifar10?perClass=2' --out 'it'\\''s here' a/b-c_1.0",
  )
})

test.run()

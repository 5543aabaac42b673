// timeout: 120
// The pages on metrics: their code blocks type-check and run, and every metric has its page.
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { metricNames } from '../../src/collapse/measure.ts'
import { docPage } from '../support/doc-page.ts'

const { root, page, run, write, remove, typeCheck } = await docPage(
  'metrics',
  'metrics',
  'README.md',
)

const test = suite('docs/metrics')

test.before(write)
test.after(remove)

test('type-checks', typeCheck)

test('has a library example that prints metrics', async () => {
  const output = await run(process.execPath, 'library.ts')
  assert.match(output, /^0\.00\d+/)
  assert.match(output, /equiangularity: /)
})

test('has a test of a metric of one’s own that passes', async () => {
  assert.match(await run(process.execPath, 'spread.test.ts'), /Passed:\s+2/)
})

test('has a page for every metric, and the page is in the list', async () => {
  for (const name of metricNames) {
    const file = /^trace/.test(name) ? 'traces' : name.replace(/[A-Z]/g, c => `-${c.toLowerCase()}`)
    const text = await Bun.file(join(root, 'docs', 'metrics', `${file}.md`)).text()
    assert.match(text, new RegExp(`${name} = |${name} = tr`))
    assert.match(page, `(${file}.md)`)
  }
})

test.run()

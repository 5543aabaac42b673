// timeout: 120
// The pages on metrics: their code blocks type-check and run, and every metric has its page.
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { metricNames } from '../../src/collapse/measure.ts'

const root = join(import.meta.dir, '..', '..')
const folder = join(root, `docs-metrics-${process.pid}.tmp`)
const page = await Bun.file(join(root, 'docs', 'metrics', 'README.md')).text()

/** Code blocks by the file name with which their first comment starts. */
const blocks = new Map(
  [...page.matchAll(/```ts\n(\/\/ ([\w.-]+\.ts): [\s\S]*?)```/g)].map(
    ([, code = '', name = '']) => [name, code] as const,
  ),
)

const run = async (...command: ReadonlyArray<string>): Promise<string> => {
  const child = Bun.spawn([...command], { cwd: folder, stdout: 'pipe', stderr: 'pipe' })
  const output = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ])
  assert.is(await child.exited, 0, output.join('\n'))
  return output.join('\n')
}

const test = suite('docs/metrics')

test.before(async () => {
  await mkdir(folder)
  for (const [name, code] of blocks) await Bun.write(join(folder, name), code)
})
test.after(() => rm(folder, { recursive: true, force: true }))

test('type-checks', async () => {
  const config = { extends: '../tsconfig.json', include: ['*.ts', '../src/wgsl.d.ts'] }
  await Bun.write(join(folder, 'tsconfig.json'), JSON.stringify(config))
  await run(join(root, 'node_modules', '.bin', 'tsc'), '-p', '.')
})

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

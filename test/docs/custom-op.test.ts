// timeout: 120
// The page on custom ops: its code blocks type-check, pass checkOp, make a network, and load as a plugin.
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import * as E from 'fp-ts/Either'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { loadPlugin } from '../../src/codec/plugin.ts'
import { showFault } from '../../src/core/fault.ts'

const root = join(import.meta.dir, '..', '..')
const folder = join(root, `docs-${process.pid}.tmp`)
const page = await Bun.file(join(root, 'docs', 'custom-op.md')).text()

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

const test = suite('docs/custom-op.md')

test.before(async () => {
  await mkdir(folder)
  for (const [name, code] of blocks) await Bun.write(join(folder, name), code)
})
test.after(() => rm(folder, { recursive: true, force: true }))

test('has the op, its test and a network', () => {
  assert.equal([...blocks.keys()], ['softshrink.ts', 'softshrink.test.ts', 'network.ts'])
})

test('type-checks', async () => {
  const config = { extends: '../tsconfig.json', include: ['*.ts', '../src/wgsl.d.ts'] }
  await Bun.write(join(folder, 'tsconfig.json'), JSON.stringify(config))
  await run(join(root, 'node_modules', '.bin', 'tsc'), '-p', '.')
})

test('passes its own checkOp', async () => {
  const output = await run(process.execPath, 'softshrink.test.ts')
  assert.match(output, /Passed:\s+10/)
})

test('makes a network', async () => {
  await Bun.write(
    join(folder, 'init.ts'),
    "import { network } from './network.ts'\n" +
      "const made = network.init({ dtype: 'f32', shape: [2, 8] })\n" +
      "console.log(made._tag, 'right' in made ? made.right.out.shape.join(' ') : made.left)\n",
  )
  assert.match(await run(process.execPath, 'init.ts'), /Right 2 10/)
})

test('loads as a plugin', async () => {
  const loaded = await loadPlugin(join(folder, 'softshrink.ts'))()
  assert.ok(E.isRight(loaded), E.isLeft(loaded) ? showFault(loaded.left) : '')
  const found = E.isRight(loaded) ? loaded.right.map(({ op, attrs }) => ({ ...op, attrs })) : []
  assert.equal(
    found.map(({ name, attrs }) => ({ name, attrs })),
    [{ name: 'softshrink', attrs: { lambda: 0.5 } }],
  )
})

test.run()

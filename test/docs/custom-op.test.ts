// timeout: 120
// The page on custom ops: its code blocks type-check, pass checkOp, make a network, and load as a plugin.
import { join } from 'node:path'
import * as E from 'fp-ts/Either'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { loadPlugin } from '../../src/codec/plugin.ts'
import { showFault } from '../../src/core/fault.ts'
import { docPage } from '../support/doc-page.ts'

const { folder, blocks, run, write, remove, typeCheck } = await docPage('custom-op', 'custom-op.md')

const test = suite('docs/custom-op.md')

test.before(write)
test.after(remove)

test('has the op, its test and a network', () => {
  assert.equal([...blocks.keys()], ['softshrink.ts', 'softshrink.test.ts', 'network.ts'])
})

test('type-checks', typeCheck)

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

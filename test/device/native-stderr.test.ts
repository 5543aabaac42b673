// Lines of native code on stderr, by a process of its own: its stderr is a pipe that can be read.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'

const test = suite('native stderr')

const script = `
import { writeSync } from 'node:fs'
import { withoutUselessLines } from './src/device/native-stderr.ts'
writeSync(2, 'before\\n')
const made = withoutUselessLines(() => {
  writeSync(2, 'Warning: maxDynamicFlowers artificially reduced from 9 to 3.\\n')
  writeSync(2, 'a driver fails\\n')
  return 7
})
try {
  withoutUselessLines(() => {
    writeSync(2, 'last words')
    throw new Error('down')
  })
} catch (error) {
  writeSync(2, '\\n' + error.message + '\\n')
}
console.log(made)
`

test('Dawn’s useless lines go, others stay, also of a call that fails', async () => {
  const child = Bun.spawn([process.execPath, '-e', script], {
    cwd: new URL('../..', import.meta.url).pathname,
    stdout: 'pipe',
    stderr: 'pipe',
  })
  const [out, err] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ])
  assert.is(out, '7\n')
  assert.equal(err, 'before\na driver fails\nlast words\ndown\n')
})

test.run()

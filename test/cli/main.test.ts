// The program itself: help, usage errors, and nothing heavy loaded before it is needed.
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { version } from '../../package.json'
import { main } from '../../cli/main.ts'
import { type Ended, workplace } from '../support/cli.ts'

const test = suite('collapse')
const place = workplace()
test.after(place.remove)

const call = async (...argv: ReadonlyArray<string>): Promise<Ended> => {
  let [stdout, stderr] = ['', '']
  const code = await main(argv, {
    stdout: text => {
      stdout += text
    },
    stderr: text => {
      stderr += text
    },
    terminal: null,
  })
  return { code, stdout, stderr }
}

const commands = ['doctor', 'models', 'predict', 'measure', 'train', 'probe', 'reproduce']

test('lists its commands with --help and without a word', async () => {
  for (const argv of [['--help'], []]) {
    const { code, stdout, stderr } = await call(...argv)
    assert.is(code, 0)
    assert.is(stderr, '')
    for (const command of commands) assert.match(stdout, new RegExp(`^  ${command} `, 'm'))
  }
  assert.match((await call('--help')).stdout, /Exit codes: 0 done, 1 .* 2 .* 130 interrupted/)
})

test('lists the common flags and their defaults with --help of every command', async () => {
  for (const command of commands) {
    const { code, stdout } = await call(command, '--help')
    assert.is(code, 0)
    for (const flag of ['--device', '--seed', '--data-root', '--json', '--quiet', '--debug']) {
      assert.ok(stdout.includes(flag), `${command} ${flag}`)
    }
    assert.match(stdout, /auto, webgpu or cpu \(default: auto\)/)
  }
})

test('tells its version', async () => {
  assert.equal(await call('--version'), { code: 0, stdout: `${version}\n`, stderr: '' })
})

const bad: ReadonlyArray<readonly [ReadonlyArray<string>, RegExp]> = [
  [
    ['trian'],
    /^collapse: unknown command 'trian' \(Did you mean train\?\); see collapse --help\n$/,
  ],
  [['--jsn'], /^collapse: unknown option '--jsn'; see collapse --help\n$/],
  [
    ['doctor', '--jso'],
    /^collapse: unknown option '--jso' \(Did you mean --json\?\); see collapse doctor --help\n$/,
  ],
  [
    ['doctor', 'x'],
    /^collapse: too many arguments for 'doctor'.* got 1; see collapse doctor --help\n$/,
  ],
  [
    ['doctor', '--device', 'gpu'],
    /^collapse: --device: "gpu" given; give one of auto, webgpu, cpu\n$/,
  ],
  [
    ['doctor', '--seed', '-1'],
    /^collapse: --seed: "-1" given; give a whole number from 0 to 4294967295\n$/,
  ],
  [['train', '--seed', ''], /^collapse: --seed: "" given; give a whole number/],
]

for (const [argv, said] of bad) {
  test(`refuses \`${argv.join(' ')}\` in one line`, async () => {
    const { code, stdout, stderr } = await call(...argv)
    assert.is(code, 2)
    assert.is(stdout, '')
    assert.match(stderr, said)
  })
}

test('gives its exit code to the shell', async () => {
  const refused = await place.run('trian')
  assert.is(refused.code, 2)
  assert.is(refused.stdout, '')
  assert.match(refused.stderr, /^collapse: unknown command 'trian'.*\n$/)
  const { code, stdout } = await place.run('--help')
  assert.is(code, 0)
  assert.match(stdout, /^Usage: collapse/)
})

test('loads neither Dawn nor gpu.js nor vega nor a kernel for --help', async () => {
  const script = `
    const { main } = await import(${JSON.stringify(join(import.meta.dir, '../../cli/main.ts'))})
    await main(['--help'], { stdout: () => {}, stderr: () => {}, terminal: null })
    console.log(Object.keys(require.cache).join('\\n'))`
  const child = Bun.spawn([process.execPath, '-e', script], { stdout: 'pipe' })
  const loaded = (await new Response(child.stdout).text()).replaceAll('\\', '/').split('\n')
  assert.ok(loaded.some(path => /node_modules\/commander\//.test(path)))
  const heavy = /node_modules\/(webgpu|gpu\.js|vega[a-z-]*|cli-progress)\/|\/kernels\//
  assert.equal(
    loaded.filter(path => heavy.test(path)),
    [],
  )
})

test.run()

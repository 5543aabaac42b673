// `--profile` as users meet it: a table and a trace, and one line where there is nothing to profile.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { assertRefused, workplace } from '../support/cli.ts'
import { nativeEngine, useEngines } from '../support/engines.ts'

const place = workplace()
const leave = useEngines()
const isNative = (await nativeEngine()) !== null
await leave()

const test = suite('collapse --profile')
test.after(place.remove)
const device = isNative ? test : test.skip
const small = ['--data', 'mnist?classes=0-2&perClass=20', '--depth', '2', '--width', '8']
const train = ['train', ...small, '--batch', '16', '--epochs', '1']

device('prints where the time went, beside the result, and writes a trace', async () => {
  const flags = ['--device', 'webgpu', '--json', '--profile', 'trace.json', '--out', 'run']
  const { code, stdout, stderr } = await place.run(...train, ...flags)
  assert.is(code, 0, stderr)
  assert.is(JSON.parse(stdout).trainSamples, 60)
  assert.match(stderr, /^ *op +calls +ms/m)
  assert.match(stderr, /^trace: trace\.json$/m)
  const { traceEvents } = JSON.parse(readFileSync(join(place.path, 'trace.json'), 'utf8'))
  assert.ok(traceEvents.length > 10)
})

test('is refused on the cpu engine before anything is done', async () => {
  const before = readdirSync(place.path)
  const flags = ['--device', 'cpu', '--profile', 'cpu.json', '--out', 'none', '--quiet']
  const ended = await place.run(...train, ...flags)
  assertRefused(ended, /--profile: the cpu engine makes no profile/, place.path, before)
})

test('says so where a command runs nothing on a device', async () => {
  const { code, stderr } = await place.run('models', '--profile', 'models.json')
  assert.is(code, 0)
  assert.match(stderr, /^no profile: nothing ran on a device$/m)
  assert.not.ok(existsSync(join(place.path, 'models.json')))
})

test.run()

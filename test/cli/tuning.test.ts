// Measurements in the cache folder: kept and read again, others ignored with a line; doctor says whether one is in use.
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { tuningFolder } from '../../cli/flags.ts'
import { keepTuning, readTunings, tuningFile } from '../../cli/tuning.ts'
import { version } from '../../package.json'
import { showTuning } from '../../src/codec/tuning.ts'
import type { DeviceTuning } from '../../src/core/dispatch.ts'
import { done, nativeEngine, useEngines } from '../support/engines.ts'

const test = suite('kept tunings')
const cache = mkdtempSync(join(tmpdir(), 'collapse-tuning-'))
test.after(() => rmSync(cache, { recursive: true }))
const leave = useEngines()
const known = (await nativeEngine())?.info
await leave()

const tuning: DeviceTuning = {
  vendor: 'v',
  adapter: 'A Card (rev. 2)',
  driver: 'Driver/5.1',
  family: null,
  reaches: { '128x128': 0.5 },
}

test('lie in the cache folder, in a file named after adapter and driver', () => {
  assert.is(tuningFolder({ XDG_CACHE_HOME: '/c' }), join('/c', 'collapse', 'tuning'))
  assert.is(
    tuningFolder({ XDG_CACHE_HOME: '/c', COLLAPSE_DATA: '/d' }),
    join('/c', 'collapse', 'tuning'),
  )
  assert.is(tuningFile(tuning), 'a-card-rev-2-driver-5-1.json')
  assert.not.match(tuningFile({ adapter: '../..', driver: 'a/b'.repeat(99) }), /[/]|\.\./)
})

const read = async (folder: string) => {
  const said: Array<string> = []
  const tunings = await readTunings(folder, line => said.push(line))()
  return { tunings, said }
}

test('are read again, the later one of an adapter in place of the earlier', async () => {
  const folder = join(cache, 'kept', 'deep')
  assert.equal(await read(folder), { tunings: [], said: [] })
  await done(keepTuning(folder, { ...tuning, reaches: {} }))
  await done(keepTuning(folder, tuning))
  assert.is(readdirSync(folder).length, 1)
  assert.equal(await read(folder), { tunings: [tuning], said: [] })
})

test('are ignored with a line each where they do not decode or are of another version', async () => {
  const folder = join(cache, 'bad')
  mkdirSync(folder)
  writeFileSync(join(folder, 'a.json'), 'nonsense')
  writeFileSync(join(folder, 'b.json'), showTuning(tuning, '0.0.0', 'today'))
  writeFileSync(join(folder, 'c.json'), showTuning(tuning, version, 'today'))
  writeFileSync(join(folder, 'd.json'), ' '.repeat(2 ** 17))
  mkdirSync(join(folder, 'e.json'))
  writeFileSync(join(folder, 'notes.txt'), 'nonsense')
  const { tunings, said } = await read(folder)
  assert.equal(tunings, [tuning])
  assert.is(said.length, 4)
  for (const [i, name] of ['a', 'b', 'd', 'e'].entries()) {
    assert.ok(said[i]?.startsWith('tuning ignored: ') && said[i].includes(`${name}.json`))
  }
})

const main = join(import.meta.dir, '..', '..', 'cli', 'main.ts')

const doctor = async (home: string) => {
  const argv = [process.execPath, main, 'doctor', '--json', '--quiet']
  const env = { ...process.env, XDG_CACHE_HOME: home }
  const child = Bun.spawn(argv, { stdout: 'pipe', stderr: 'ignore', env })
  return JSON.parse(await new Response(child.stdout).text())
}

const device = known?.software === true ? test : test.skip

device('decide the kernel family of software Vulkan, and doctor says so', async () => {
  if (known === undefined) return
  const { vendor, adapter, driver } = known
  const home = join(cache, 'home')
  const before = await doctor(home)
  assert.equal([before.tuned, before.family], [false, known.family])
  const kept: DeviceTuning = { vendor, adapter, driver, family: 'tiled', reaches: {} }
  await done(keepTuning(tuningFolder({ XDG_CACHE_HOME: home }), kept))
  const after = await doctor(home)
  assert.equal([after.tuned, after.family, after.selfTest.passed], [true, 'tiled', true])
  await done(keepTuning(tuningFolder({ XDG_CACHE_HOME: home }), { ...kept, driver: 'another' }))
  assert.equal((await read(tuningFolder({ XDG_CACHE_HOME: home }))).tunings.length, 2)
})

test.run()

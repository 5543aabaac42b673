// `collapse doctor`: what it reports, on both engines, and its exit code.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { version } from '../../package.json'
import { nativeEngine, useEngines } from '../support/engines.ts'
import { linesOf, workplace } from '../support/cli.ts'

const test = suite('collapse doctor')
const place = workplace()
test.after(place.remove)
const leave = useEngines()
const native = await nativeEngine()
const known = native?.info
await leave()

test('prints one JSON document with engine, versions and self-test', async () => {
  const { code, stdout, stderr } = await place.run('doctor', '--json', '--device', 'cpu', '--quiet')
  assert.is(code, 0)
  assert.is(stderr, '')
  const report = JSON.parse(stdout)
  assert.equal([report.version, report.engine, report.family], [1, 'cpu', 'reference'])
  assert.is(report.versions.collapse, version)
  assert.is(report.versions.bun, Bun.version)
  for (const name of ['webgpu', 'gpu.js']) assert.match(report.versions[name], /^\d+\.\d+\.\d+/)
  assert.equal(report.selfTest, { passed: true, maxRelativeError: 0, tolerance: 1e-4 })
  assert.is(report.advice, null)
})

const device = known === undefined ? test.skip : test

device('reports the adapter that auto finds, and that it computes right', async () => {
  const { code, stdout, stderr } = await place.run('doctor', '--json', '--quiet')
  assert.is(code, 0)
  assert.equal(linesOf(stderr), [])
  const { engine, adapter, driver, vendor, family, limits, selfTest } = JSON.parse(stdout)
  assert.equal(
    { engine, adapter, driver, vendor, family, limits },
    {
      engine: 'webgpu',
      adapter: known?.adapter,
      driver: known?.driver,
      vendor: known?.vendor,
      family: known?.family,
      limits: known?.limits,
    },
  )
  assert.ok(selfTest.passed && selfTest.maxRelativeError < 1e-5)
})

test('prints lines for people', async () => {
  const { code, stdout } = await place.run('doctor', '--device', 'cpu')
  assert.is(code, 0)
  for (const name of ['engine', 'adapter', 'kernels', 'versions', 'self-test']) {
    assert.match(stdout, new RegExp(`^${name} +\\S`, 'm'))
  }
  assert.match(stdout, /self-test +passed/)
})

test.run()

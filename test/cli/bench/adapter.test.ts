// `collapse bench --adapter`: what passes, and what is refused with the name of what was found.
import * as E from 'fp-ts/Either'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { checkAdapter, checkBench, isAdapter } from '../../../cli/bench/adapter.ts'
import type { EngineInfo } from '../../../src/device/engine.ts'
import { cpuEngine } from '../../../src/device/cpu.ts'
import { workplace } from '../../support/cli.ts'
import { nativeEngine, useEngines } from '../../support/engines.ts'

const test = suite('the adapter of a benchmark')
const place = workplace()
test.after(place.remove)
const leave = useEngines()
const known = (await nativeEngine())?.info
await leave()

const card: EngineInfo = {
  ...cpuEngine().info,
  engine: 'webgpu',
  adapter: 'NVIDIA H200',
  driver: 'Driver 570.1',
  vendor: 'nvidia',
}

test('is known by a part of its vendor, name or driver, in any case', () => {
  for (const asked of ['nvidia', 'H200', 'h200', 'driver 570']) assert.ok(isAdapter(card, asked))
  for (const asked of ['llvmpipe', 'amd', 'NVIDIA H200 Driver']) {
    assert.not.ok(isAdapter(card, asked))
  }
})

test('is refused with what was found where another is asked for', () => {
  assert.ok(E.isRight(checkAdapter(card, 'Nvidia')))
  const refused = checkAdapter(card, 'llvmpipe')
  assert.ok(E.isLeft(refused))
  if (E.isRight(refused)) return
  assert.is(refused.left.exit, 2)
  for (const found of [card.adapter, card.driver, card.vendor]) {
    assert.ok(refused.left.what.includes(found))
  }
})

test('cannot be asked for where none is used', () => {
  assert.ok(E.isLeft(checkBench('measure', 'nvidia')))
  assert.ok(E.isRight(checkBench('gemm', 'nvidia')))
})

const device = known === undefined ? test.skip : test

device('ends the command with exit code 2 before anything is measured', async () => {
  const { code, stdout, stderr } = await place.run('bench', 'gemm', '--adapter', 'no such card')
  assert.equal([code, stdout], [2, ''])
  assert.match(stderr, /^collapse: --adapter no such card: this machine has /m)
  assert.ok(stderr.includes(known?.adapter ?? 'none'))
})

test.run()

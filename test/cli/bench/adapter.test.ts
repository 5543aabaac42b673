// `collapse bench --adapter`: what passes, and what is refused with the name of what was found.
import * as E from 'fp-ts/Either'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type Asked, checkAdapter, checkBench, isAdapter } from '../../../cli/bench/adapter.ts'
import { showFault } from '../../../src/core/fault.ts'
import type { EngineInfo } from '../../../src/device/engine.ts'
import { cpuEngine } from '../../../src/device/cpu.ts'
import { workplace } from '../../support/cli.ts'
import { nativeEngine, useEngines } from '../../support/engines.ts'

const test = suite('where a benchmark runs')
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

const plain = { device: 'auto', profile: undefined } as const

test('cannot be asked for where none is used, nor one that is not used, nor a profile of none', () => {
  const refused: ReadonlyArray<readonly ['measure' | 'gemm' | 'tune', Partial<Asked>, RegExp]> = [
    ['measure', { adapter: 'nvidia' }, /--adapter nvidia: bench measure runs on the processor/],
    ['gemm', { device: 'cpu' }, /--device cpu: bench gemm runs on WebGPU/],
    ['measure', { profile: 'p.json' }, /--profile: bench measure has no profile/],
    ['tune', { profile: 'p.json' }, /--profile: bench tune has no profile/],
  ]
  for (const [name, flags, said] of refused) {
    const checked = checkBench(name, { ...plain, ...flags })
    assert.match(E.isLeft(checked) ? showFault(checked.left) : '', said)
  }
  assert.ok(E.isRight(checkBench('gemm', { ...plain, adapter: 'nvidia', profile: 'p.json' })))
  assert.ok(E.isRight(checkBench('measure', { ...plain, device: 'cpu' })))
})

const device = known === undefined ? test.skip : test

device('ends the command with exit code 2 before anything is measured', async () => {
  const { code, stdout, stderr } = await place.run('bench', 'gemm', '--adapter', 'no such card')
  assert.equal([code, stdout], [2, ''])
  assert.match(stderr, /^collapse: --adapter no such card: this machine has /m)
  assert.ok(stderr.includes(known?.adapter ?? 'none'))
})

test.run()

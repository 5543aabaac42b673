// The self-test: passes on engines that compute right, fails on one that does not.
import * as TE from 'fp-ts/TaskEither'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { relativeError, selfTest } from '../../../cli/doctor/self-test.ts'
import { cpuEngine } from '../../../src/device/cpu.ts'
import type { Engine } from '../../../src/device/engine.ts'
import { done, engineOf, nativeEngine, useEngines } from '../../support/engines.ts'

const test = suite('self-test')
const leave = useEngines()
test.after(leave)
const native = await nativeEngine()

test('passes on the cpu engine and leaves nothing in its store', async () => {
  const engine = cpuEngine()
  assert.equal(await done(selfTest(engine)), { passed: true, maxRelativeError: 0, tolerance: 1e-4 })
  assert.is(engine.heldBytes(), 0)
})

for (const family of native === null ? [] : (['tiled', 'texture', 'subgroup'] as const)) {
  test(`passes on ${family} kernels`, async () => {
    const engine = await engineOf(family)
    if (engine !== null) assert.ok((await done(selfTest(engine))).passed)
  })
}

test('fails where one number of one gradient is off', async () => {
  const engine = cpuEngine()
  const wrong: Engine = {
    ...engine,
    load: program =>
      TE.Functor.map(engine.load(program), executable => ({
        ...executable,
        outputs: TE.Functor.map(executable.outputs, outputs => {
          const dw1 = outputs.dw1?.slice() ?? new Float32Array(0)
          dw1[100] = (dw1[100] ?? 0) + 0.01
          return { ...outputs, dw1 }
        }),
      })),
  }
  assert.not.ok((await done(selfTest(wrong))).passed)
})

test('takes NaN, missing arrays and arrays that are too short for infinitely wrong', () => {
  const expected = { a: Float32Array.of(1, -2), zero: Float32Array.of(0, 0) }
  const error = (a: Float32Array | undefined): number =>
    relativeError({ ...(a === undefined ? {} : { a }), zero: Float32Array.of(0, 0) }, expected)
  assert.is(error(Float32Array.of(1, -2)), 0)
  assert.is(error(Float32Array.of(1.5, -2)), 0.25)
  for (const bad of [Float32Array.of(Number.NaN, -2), Float32Array.of(1), undefined]) {
    assert.is(error(bad), Number.POSITIVE_INFINITY)
  }
})

test.run()

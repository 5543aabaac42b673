// Between runs the event loop gets its turn: else Ctrl-C goes unheard while runs are short and many.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { add } from '../../kernels/add.ts'
import { f32 } from '../../src/core/aval.ts'
import { apply } from '../../src/core/op.ts'
import { trace } from '../../src/core/trace.ts'
import { arg, showShapeErrors } from '../../src/core/value.ts'
import { cpuEngine } from '../../src/device/cpu.ts'
import type { Engine } from '../../src/device/engine.ts'
import { done, nativeEngine, right, useEngines } from '../support/engines.ts'

const test = suite('turns of the event loop')
test.after(useEngines())

const LIMIT_MS = 2000

/** Whether a timer fires while programs of one element run for `LIMIT_MS` at most, each loaded, run twice and read. */
const fires = async (engine: Engine): Promise<boolean> => {
  let fired = false
  const timer = setTimeout(() => {
    fired = true
  }, 1)
  const began = performance.now()
  const aval = f32(1)
  const x = arg('x', aval)
  const program = right(trace({ outputs: { sum: apply(add, null)(x, x) } }), showShapeErrors)
  await done(engine.put('x', aval))
  while (!fired && performance.now() - began < LIMIT_MS) {
    const executable = await done(engine.load(program))
    await done(executable.run({ x: Float32Array.of(1) }))
    await done(executable.run({ x: Float32Array.of(2) }))
    await done(executable.outputs)
    executable.release()
  }
  clearTimeout(timer)
  return fired
}

test('the cpu engine lets a timer fire between its runs', async () => {
  assert.ok(await fires(cpuEngine()))
})

test('the WebGPU engine lets a timer fire between its runs', async () => {
  const engine = await nativeEngine()
  if (engine === null) return console.log('no WebGPU adapter: its turns are not seen')
  assert.ok(await fires(engine))
})

test.run()

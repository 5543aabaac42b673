// Profiling on the device: the second run is timed step by step and gives what every run gives.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { matmul } from '../../kernels/matmul.ts'
import { moves } from '../../kernels/moves.ts'
import { relu } from '../../kernels/relu.ts'
import { f32 } from '../../src/core/aval.ts'
import { apply } from '../../src/core/op.ts'
import { trace } from '../../src/core/trace.ts'
import { arg, showShapeErrors } from '../../src/core/value.ts'
import { openEngine } from '../../src/device/open.ts'
import { done, nativeEngine, right, useEngines } from '../support/engines.ts'

const test = suite('profile')
const close = useEngines()
test.after(close)

const x = f32(16, 16)
const program = right(
  trace({
    outputs: { y: apply(relu, null)(apply(matmul, { form: 'NN' })(arg('x', x), arg('x', x))) },
    updates: { x: apply(relu, null)(arg('x', x)) },
  }),
  showShapeErrors,
)
const contents = Float32Array.from({ length: 256 }, (_, i) => Math.sin(i))

test('the second run has a time for every step, and the same results', async () => {
  if ((await nativeEngine()) === null) return console.log('skipped: no adapter')
  const engine = await done(openEngine('webgpu', moves, { checked: true, profile: true }))
  await done(engine.put('x', x, contents))
  const executable = await done(engine.load(program))
  const results: Array<unknown> = []
  for (const profiles of [0, 1, 1]) {
    await done(engine.put('x', x, contents))
    await done(executable.run({}))
    results.push(await done(executable.outputs))
    assert.is(engine.profiles().length, profiles)
  }
  assert.equal(results[1], results[0])
  assert.equal(results[2], results[0])
  const [profile] = engine.profiles()
  assert.is(profile?.ms.length, executable.plan?.steps.length)
  assert.ok(profile?.ms.every(ms => ms > 0))
  assert.is(
    profile?.plan.calls.reduce((sum, { flops }) => sum + flops, 0),
    2 * 16 ** 3,
  )
  engine.close()
})

test('an engine that was not told to makes no profile', async () => {
  const engine = await nativeEngine()
  if (engine === null) return console.log('skipped: no adapter')
  await done(engine.put('x', x, contents))
  const executable = await done(engine.load(program))
  for (let run = 0; run < 3; run++) await done(executable.run({}))
  await done(executable.outputs)
  assert.equal(engine.profiles(), [])
  executable.release()
  engine.drop(['x'])
})

test.run()

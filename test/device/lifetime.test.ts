// Lifetimes: garbage collection while work is under way crashes nothing, and engines come and go.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { add } from '../../kernels/add.ts'
import { moves } from '../../kernels/moves.ts'
import { f32 } from '../../src/core/aval.ts'
import { apply } from '../../src/core/op.ts'
import { trace } from '../../src/core/trace.ts'
import { arg, showShapeErrors } from '../../src/core/value.ts'
import { instances } from '../../src/device/acquire.ts'
import { openEngine } from '../../src/device/open.ts'
import { done, nativeEngine, right, useEngines } from '../support/engines.ts'

const test = suite('lifetimes')
const leave = useEngines()
const skipped = (await nativeEngine()) === null ? test.skip : test

const x = arg('x', f32(64))
const y = arg('y', f32(64))
const sum = apply(add, null)(x, y)
const program = right(trace({ outputs: { sum }, updates: { x: sum } }), showShapeErrors)

skipped('collecting garbage between 300 runs and 100 readbacks loses nothing', async () => {
  const engine = await done(openEngine('webgpu', moves, { checked: true }))
  await done(engine.put('x', x.aval))
  await done(engine.put('y', y.aval, new Float32Array(64).fill(1)))
  const executable = await done(engine.load(program))
  for (let i = 1; i <= 300; i++) {
    const running = executable.run({})()
    if (i % 5 === 0) Bun.gc(true)
    await running
    if (i % 3 !== 0) continue
    const reading = executable.outputs()
    Bun.gc(i % 2 === 0)
    await reading
  }
  assert.is((await done(engine.get('x')))[63], 300)
  executable.release()
  engine.close()
})

skipped('engines opened and closed in turn leave nothing behind', async () => {
  const before = instances.size
  for (let i = 0; i < 3; i++) {
    const engine = await done(openEngine('webgpu', moves, { checked: true }))
    await done(engine.put('x', x.aval))
    Bun.gc(true)
    engine.close()
    assert.is(engine.heldBytes(), 0)
  }
  assert.is(instances.size, before)
})

skipped('programs released while the engine lives give their memory back', async () => {
  const engine = await done(openEngine('webgpu', moves, { checked: true }))
  await done(engine.put('x', x.aval))
  await done(engine.put('y', y.aval))
  const held = engine.heldBytes()
  for (let i = 0; i < 20; i++) {
    const executable = await done(engine.load(program))
    await done(executable.run({}))
    executable.release()
  }
  assert.is(engine.heldBytes(), held)
  engine.close()
})

test.after(leave)
test.run()

// The loss's scale: what a step takes from it, and how it moves with what its gradients were.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { lossScale, nextScale } from '../../kernels/loss-scale.ts'
import { type Aval, f32 } from '../../src/core/aval.ts'
import { apply } from '../../src/core/op.ts'
import { trace } from '../../src/core/trace.ts'
import { arg, showShapeErrors } from '../../src/core/value.ts'
import { cpuEngine } from '../../src/device/cpu.ts'
import type { Engine } from '../../src/device/engine.ts'
import { checkOp } from '../support/check-op.ts'
import { done, nativeEngine, right, useEngines } from '../support/engines.ts'

// Before any suite is handed to uvu, which begins at the next turn of the event loop.
const native = await nativeEngine()

checkOp(lossScale, { attrs: null, shapes: [[f32(4), f32(2)]], gradients: [] })
checkOp(nextScale, {
  attrs: { every: 3 },
  shapes: [1, 63, 64, 65, 300].map((n): ReadonlyArray<Aval> => [f32(2), f32(n)]),
  gradients: [],
})

const test = suite('loss scale')
const close = useEngines()
test.after(close)

const stateAfter = async (
  engine: Engine,
  state: readonly [number, number],
  probe: ReadonlyArray<number>,
): Promise<ReadonlyArray<number>> => {
  const [s, p] = [f32(2), f32(probe.length)]
  const next = apply(nextScale, { every: 3 })(arg('state', s), arg('probe', p))
  await done(engine.put('state', s, Float32Array.from(state)))
  await done(engine.put('probe', p, Float32Array.from(probe)))
  const program = right(trace({ outputs: {}, updates: { state: next } }), showShapeErrors)
  const loaded = await done(engine.load(program))
  await done(loaded.run({}))
  const after = [...(await done(engine.get('state')))]
  loaded.release()
  engine.drop(['state', 'probe'])
  return after
}

for (const [name, engine] of Object.entries({ cpu: cpuEngine(), webgpu: native })) {
  test(`moves as PyTorch's does: ${name}`, async () => {
    if (engine === null) return
    const plain = [1, -60000, 0, 2]
    assert.equal(await stateAfter(engine, [1024, 0], plain), [1024, 1])
    assert.equal(await stateAfter(engine, [1024, 2], plain), [2048, 0])
    assert.equal(await stateAfter(engine, [2 ** 24, 2], plain), [2 ** 24, 0])
    const far = (value: number) => [...Array.from({ length: 99 }, () => 1), value]
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -65504]) {
      assert.equal(await stateAfter(engine, [1024, 2], far(bad)), [512, 0])
    }
    assert.equal(await stateAfter(engine, [1, 2], far(1e9)), [1, 0])
  })
}

test.run()

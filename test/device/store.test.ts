// timeout: 300
// Arrays past what a device binds: the store's parts, readback in rounds, whole training steps and a real 128 MiB.
import * as E from 'fp-ts/Either'
import * as O from 'fp-ts/Option'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { add } from '../../kernels/add.ts'
import { addBias, sumRows } from '../../kernels/add-bias.ts'
import { classSums } from '../../kernels/class-sums.ts'
import { fill } from '../../kernels/fill.ts'
import { gatherImages } from '../../kernels/gather-images.ts'
import { moves } from '../../kernels/moves.ts'
import { f32, u32 } from '../../src/core/aval.ts'
import { showFault } from '../../src/core/fault.ts'
import { interpret } from '../../src/core/interpret.ts'
import { apply, applyAll } from '../../src/core/op.ts'
import { type Program, type Roots, trace } from '../../src/core/trace.ts'
import { arg, showShapeErrors } from '../../src/core/value.ts'
import { acquire } from '../../src/device/acquire.ts'
import type { Engine, Named } from '../../src/device/engine.ts'
import { webgpuEngine } from '../../src/device/webgpu.ts'
import { crossEntropy } from '../../src/losses/losses.ts'
import { mlp } from '../../src/models/mlp.ts'
import type { Model } from '../../src/models/model.ts'
import { grad } from '../../src/nn/gradient.ts'
import { totalBytes } from '../../src/plan/plan.ts'
import { alike, blockModels } from '../support/blocks.ts'
import { contentsOf } from '../support/contents.ts'
import { done, right } from '../support/engines.ts'
import { contentsFor, stepOf } from '../support/steps.ts'

const traced = (roots: Roots): Program => right(trace(roots), showShapeErrors)

const test = suite('store')
const adapter = await acquire({ checked: true })()
const onDevice = E.isLeft(adapter) ? test.skip : test
if (E.isLeft(adapter)) console.log('no adapter: programs in parts are not run on a device')

const withEngine = async (
  limit: number,
  use: (engine: Engine) => Promise<void>,
  maxBufferBytes?: number,
): Promise<void> => {
  const acquired = right(await acquire({ checked: true })(), showFault)
  const { target } = acquired
  const buffer = maxBufferBytes ?? target.limits.maxBufferBytes
  const limits = { ...target.limits, maxBindingBytes: limit, maxBufferBytes: buffer }
  const engine = webgpuEngine({ ...acquired, target: { ...target, limits } }, moves)
  try {
    await use(engine)
  } finally {
    engine.close()
  }
}

const putAll = async (engine: Engine, { args, avals }: Program, contents: Named): Promise<void> => {
  for (const { name, id } of args) {
    const aval = avals[id]
    if (aval !== undefined) await done(engine.put(name, aval, contents[name]))
  }
}

const agrees = async (model: Model, batch: number, limit: number): Promise<void> => {
  const { program, contents } = stepOf(model, batch)
  const whole = interpret(program, contents)
  await withEngine(limit, async engine => {
    await putAll(engine, program, contents)
    const executable = await done(engine.load(program))
    assert.is(engine.heldBytes(), totalBytes(executable.bytes))
    await done(executable.run({}))
    assert.is(alike(await done(executable.outputs), whole.outputs, 1e-4), null)
    for (const [key, wanted] of Object.entries(whole.updates)) {
      assert.is(alike({ [key]: await done(engine.get(key)) }, { [key]: wanted }, 1e-4), null)
    }
    executable.release()
  })
}

for (const [name, [model, least, most]] of Object.entries(blockModels)) {
  onDevice(`${name}: a device that binds little computes the same`, () =>
    agrees(model, most, 5 * least),
  )
}

onDevice('layers whose weights pass the limit compute the same by their rows', () =>
  agrees(mlp({ inputs: 90, depth: 3, width: 72, classes: 3 }), 5, 9000),
)

onDevice(
  'losses over many logits, lookups of images and sums over classes compute the same',
  async () => {
    const [x, labels, weights] = [
      arg('x', f32(90, 7)),
      arg('labels', u32(90)),
      arg('weights', f32(90)),
    ]
    const images = arg('images', u32(11, 30))
    const pixels = { features: 120, mean: [0.5], std: [0.25] }
    const [sums] = applyAll(classSums, null)(
      arg('s', f32(3, 7)),
      arg('c', f32(3)),
      x,
      labels,
      weights,
    )
    const loss = crossEntropy(x, labels, weights)
    const [dx] = grad(loss, [x]).flatMap(g => (O.isSome(g) ? [g.value] : []))
    const program = traced({
      outputs: {
        loss,
        dx: dx ?? x,
        sums: sums ?? x,
        batch: apply(gatherImages, pixels)(images, arg('index', u32(40))),
        aligned: apply(gatherImages, { ...pixels, features: 118 })(images, arg('index', u32(40))),
      },
    })
    const contents = contentsFor(program)
    const whole = interpret(program, contents)
    await withEngine(600, async engine => {
      await putAll(engine, program, contents)
      const executable = await done(engine.load(program))
      await done(executable.run({}))
      assert.is(alike(await done(executable.outputs), whole.outputs, 1e-5), null)
    })
  },
)

const table = f32(50, 9)

onDevice(
  'an argument in parts goes in and comes out whole, by put, by inputs and by updates',
  async () => {
    await withEngine(500, async engine => {
      const held = contentsOf(undefined, table, 'table')
      await done(engine.put('t', table, held))
      assert.equal(await done(engine.get('t')), held)
      const other = contentsOf(undefined, table, 'other')
      const t = arg('t', table)
      const twice = apply(add, null)(t, t)
      const executable = await done(
        engine.load(traced({ outputs: { t, twice }, updates: { t: twice } })),
      )
      assert.is(engine.heldBytes(), totalBytes(executable.bytes))
      await done(executable.run({ t: other }))
      const sum = other.map(v => 2 * v)
      assert.is(alike(await done(executable.outputs), { t: other, twice: sum }, 0), null)
      assert.equal(await done(engine.get('t')), sum)
      executable.release()
      await done(engine.put('t', table))
      assert.equal(await done(engine.get('t')), new Float32Array(450))
      engine.drop(['t'])
      assert.is(engine.heldBytes(), 0)
    })
  },
)

onDevice('outputs come through a readback of one part', async () => {
  await withEngine(
    512,
    async engine => {
      const held = contentsOf(undefined, table, 'table')
      await done(engine.put('t', table, held))
      const executable = await done(engine.load(traced({ outputs: { t: arg('t', table) } })))
      assert.equal(await done(executable.outputs), { t: held })
    },
    512,
  )
})

onDevice('arrays of more than 128 MiB run on the adapter as it is', async () => {
  const engine = webgpuEngine(right(await acquire({ checked: true })(), showFault), moves)
  const limit = engine.target.limits.maxBindingBytes
  const [rows, width] = [Math.ceil(limit / 2 ** 20) + 3, 2 ** 18]
  // A GPU that binds gigabytes has nothing to split at a size that a test may have.
  if (limit <= 2 ** 28) {
    const x = apply(fill, { shape: [rows, width], value: 3 })()
    const y = apply(addBias, null)(x, arg('b', f32(width)))
    const executable = await done(
      engine.put('b', f32(width), new Float32Array(width).fill(0.5)),
    ).then(() => done(engine.load(traced({ outputs: { sum: apply(sumRows, null)(y) } }))))
    await done(executable.run({}))
    const { sum } = await done(executable.outputs)
    assert.equal([sum?.length, sum?.[0], sum?.at(-1)], [width, 3.5 * rows, 3.5 * rows])
  }
  engine.close()
})

test.after(() => {
  if (E.isRight(adapter)) adapter.right.release()
})
test.run()

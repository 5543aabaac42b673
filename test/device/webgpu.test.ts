// The WebGPU engine: nothing is made after the first step, planned bytes are held bytes, faults are values.
import * as E from 'fp-ts/Either'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { moves } from '../../kernels/moves.ts'
import { f32, u32 } from '../../src/core/aval.ts'
import { defineOp, apply, noGradient } from '../../src/core/op.ts'
import { input, output } from '../../src/core/dispatch.ts'
import { trace } from '../../src/core/trace.ts'
import { arg, showShapeErrors } from '../../src/core/value.ts'
import { acquire, instances } from '../../src/device/acquire.ts'
import type { Engine } from '../../src/device/engine.ts'
import { webgpuEngine } from '../../src/device/webgpu.ts'
import { crossEntropy } from '../../src/losses/losses.ts'
import { mlp } from '../../src/models/mlp.ts'
import { HYPER, sgd } from '../../src/optim/optimizer.ts'
import { totalBytes } from '../../src/plan/plan.ts'
import {
  networkOf,
  parametersWhere,
  putContents,
  startingContents,
} from '../../src/train/network.ts'
import { METER, slotName, trainingProgram } from '../../src/train/programs.ts'
import {
  batchInputs,
  epochOrder,
  putBatch,
  putSamples,
  type Samples,
} from '../../src/train/samples.ts'
import { counting, created } from '../support/counting.ts'
import { done, right } from '../support/engines.ts'

const test = suite('webgpu engine')
const adapter = await acquire({ checked: true })()
const skipped = E.isLeft(adapter) ? test.skip : test
if (E.isLeft(adapter)) console.log('no adapter: skipped')

const withEngine = async (
  use: (engine: Engine, counts: ReadonlyMap<string, number>) => Promise<void>,
) => {
  const counted = counting(right(await acquire({ checked: true })()))
  const engine = webgpuEngine(counted.acquired, moves)
  try {
    await use(engine, counted.counts)
  } finally {
    engine.close()
  }
}

const samples: Samples = {
  name: 'digits',
  count: 50,
  contents: {
    _tag: 'Images',
    format: { features: 12, mean: [0.1], std: [0.3] },
    words: Uint32Array.from({ length: 150 }, (_, i) => Math.imul(i, 2654435761) >>> 0),
  },
  labels: Uint32Array.from({ length: 50 }, (_, i) => i % 3),
}

const prepare = async (engine: Engine) => {
  const network = right(networkOf(mlp({ inputs: 12, depth: 3, width: 20, classes: 3 }), 'net'))
  const all = parametersWhere(network, () => true)
  await done(putContents(engine, network, startingContents(network, 1)))
  for (const [path, p] of all) await done(engine.put(slotName(network, 'momentum', path), p.aval))
  await done(putSamples(engine, samples))
  await done(putBatch(engine, 16))
  await done(engine.put(METER.name, METER.aval))
  await done(engine.put(HYPER.name, HYPER.aval, Float32Array.of(0.1, 0.9, 1e-4, 0)))
  const training = {
    network,
    samples,
    batch: 16,
    loss: crossEntropy,
    from: 0,
    trains: () => true,
    optimizer: sgd,
  }
  return right(trainingProgram(training))
}

skipped('makes no buffer, texture, bind group or pipeline after the first step', async () => {
  await withEngine(async (engine, counts) => {
    const executable = await done(engine.load(await prepare(engine)))
    const made = () =>
      created(
        counts,
        'createBuffer',
        'createTexture',
        'createBindGroup',
        'createComputePipeline',
        'createComputePipelineAsync',
        'createShaderModule',
      )
    const order = epochOrder(50, 1, 0)
    await done(executable.run(batchInputs(order, 16, 0)))
    await done(executable.outputs)
    const [before, encoders] = [made(), created(counts, 'createCommandEncoder')]
    for (let step = 1; step < 4; step++) await done(executable.run(batchInputs(order, 16, step)))
    assert.is(created(counts, 'createCommandEncoder') - encoders, 3, 'one encoder a step')
    await done(executable.outputs)
    assert.is(made(), before)
    executable.release()
  })
})

skipped('holds exactly the bytes that it planned', async () => {
  await withEngine(async engine => {
    const program = await prepare(engine)
    const executable = await done(engine.load(program))
    engine.drop(['batch/random'].filter(name => program.args.every(a => a.name !== name)))
    assert.is(engine.heldBytes(), totalBytes(executable.bytes))
    executable.release()
    assert.is(engine.heldBytes(), executable.bytes.arguments)
  })
})

skipped('refuses contents of another length and arguments that are not there', async () => {
  await withEngine(async engine => {
    const wrong = await engine.put('a', f32(3), new Float32Array(2))()
    assert.ok(E.isLeft(wrong) && /2 elements/.test(wrong.left.what))
    const program = right(trace({ outputs: { b: arg('b', f32(2)) } }), showShapeErrors)
    const loaded = await engine.load(program)()
    assert.ok(E.isLeft(loaded) && loaded.left.where === 'argument b')
  })
})

skipped('zeroes an array that is put again without contents', async () => {
  await withEngine(async engine => {
    await done(engine.put('a', f32(3), Float32Array.of(1, 2, 3)))
    await done(engine.put('a', f32(3)))
    assert.equal([...(await done(engine.get('a')))], [0, 0, 0])
  })
})

skipped('says in one line that a row is more than the adapter can bind', async () => {
  await withEngine(async engine => {
    const put = await engine.put('huge', u32(1, 2 ** 30))()
    assert.ok(E.isLeft(put) && /adapter can bind/.test(put.left.what))
  })
})

skipped('names op and shader of WGSL that does not compile', async () => {
  await withEngine(async engine => {
    const broken = defineOp<null>({
      name: 'broken',
      infer: ins => E.right(ins),
      lower: () => [
        {
          label: 'bad',
          shader: 'not wgsl',
          constants: {},
          uniform: [],
          bindings: [input(0), output()],
          workgroups: [1, 1, 1],
        },
      ],
      vjp: noGradient,
      oracle: ins => ins,
    })
    await done(engine.put('x', f32(4)))
    const program = right(
      trace({ outputs: { y: apply(broken, null)(arg('x', f32(4))) } }),
      showShapeErrors,
    )
    const loaded = await engine.load(program)()
    assert.ok(
      E.isLeft(loaded) && loaded.left.where === 'op broken, shader bad',
      JSON.stringify(loaded),
    )
    assert.not.ok(E.isLeft(loaded) && loaded.left.what.includes('\n'))
  })
})

skipped('gives its instance back', async () => {
  const before = instances.size
  await withEngine(async () => {
    assert.is(instances.size, before + 1)
  })
  assert.is(instances.size, before)
})

test.after(() => {
  if (E.isRight(adapter)) adapter.right.release()
})

test.run()

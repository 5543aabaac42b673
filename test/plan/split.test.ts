// timeout: 300
// Programs whose arrays pass a limit mean the same in parts: on the interpreter for any limit and batch, and on a device.
import * as fc from 'fast-check'
import * as E from 'fp-ts/Either'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { add } from '../../kernels/add.ts'
import { addRelu } from '../../kernels/add-relu.ts'
import { concat } from '../../kernels/concat.ts'
import { gelu } from '../../kernels/gelu.ts'
import { maxPool2d } from '../../kernels/max-pool.ts'
import { moves } from '../../kernels/moves.ts'
import type { Data } from '../../src/core/aval.ts'
import type { Target } from '../../src/core/dispatch.ts'
import { showFault } from '../../src/core/fault.ts'
import { interpret } from '../../src/core/interpret.ts'
import { apply } from '../../src/core/op.ts'
import type { Program } from '../../src/core/trace.ts'
import type { Engine, Named } from '../../src/device/engine.ts'
import { acquire } from '../../src/device/acquire.ts'
import { webgpuEngine } from '../../src/device/webgpu.ts'
import { mlp } from '../../src/models/mlp.ts'
import type { Block, Model } from '../../src/models/model.ts'
import { vit } from '../../src/models/vit.ts'
import { batchNorm } from '../../src/nn/batch-norm.ts'
import { conv2d } from '../../src/nn/conv2d.ts'
import { dropout } from '../../src/nn/dropout.ts'
import { elementwise } from '../../src/nn/elementwise.ts'
import { stateless, untyped } from '../../src/nn/layer.ts'
import { residual } from '../../src/nn/residual.ts'
import { serial } from '../../src/nn/serial.ts'
import { argumentParts, isLarge } from '../../src/plan/parts.ts'
import { totalBytes } from '../../src/plan/plan.ts'
import { split } from '../../src/plan/split.ts'
import { done, right } from '../support/engines.ts'
import { stepOf } from '../support/steps.ts'

const limited = (limit: number): Target => ({
  family: 'tiled',
  limits: {
    maxWorkgroups: 65535,
    maxBindingBytes: limit,
    maxBufferBytes: 2 ** 30,
    maxTextureSize: 16384,
    workgroupBytes: 16384,
  },
})

const conv = (out: number, kernel: number, groups = 1, stride = 1) =>
  conv2d({ out, kernel, stride, padding: (kernel - 1) / 2, groups })

const network = (name: string, blocks: ReadonlyArray<Block>): Model => ({
  name,
  input: [8, 8, 3],
  classes: 3,
  blocks,
})

const resnetBlock: Block = {
  name: 'block',
  layer: residual({
    branch: untyped(
      serial({
        conv1: conv(8, 3),
        norm1: batchNorm('relu'),
        conv2: conv(8, 3),
        norm2: batchNorm(),
      }),
    ),
    join: (a, b) => apply(addRelu, null)(a, b),
  }),
}

const stem = (out: number): Block => ({
  name: 'stem',
  layer: untyped(
    serial({
      conv: conv(out, 3),
      norm: batchNorm('relu'),
      pool: stateless(x => apply(maxPool2d, { kernel: 3, stride: 1, padding: 1 })(x)),
      dropout: dropout(0.3, 'stem'),
    }),
  ),
})

const mobileBlock: Block = {
  name: 'block',
  layer: residual({
    branch: untyped(
      serial({
        conv1: conv(16, 1),
        norm1: batchNorm('relu6'),
        conv2: conv(16, 3, 16),
        norm2: batchNorm('relu6'),
        conv3: conv(8, 1),
        norm3: batchNorm(),
      }),
    ),
    join: (a, b) => apply(add, null)(a, b),
  }),
}

const denseBlock: Block = {
  name: 'block',
  layer: residual({
    branch: untyped(
      serial({
        norm1: batchNorm('relu'),
        conv1: conv(16, 1),
        norm2: batchNorm('relu'),
        conv2: conv(5, 3),
      }),
    ),
    join: (made, before) => apply(concat, null)(before, made),
  }),
}

const down: Block = {
  name: 'down',
  layer: untyped(serial({ conv: conv(4, 3, 1, 2), gelu: elementwise({ op: gelu, attrs: null }) })),
}

/** Networks, the least limit that their parameters and single images leave, and the largest batch to try. */
const models: Readonly<Record<string, readonly [Model, number, number]>> = {
  'a ResNet block': [network('resnet', [stem(8), resnetBlock, down]), 2400, 8],
  'a MobileNet block': [network('mobilenet', [stem(8), mobileBlock, down]), 4100, 8],
  'a DenseNet block': [network('densenet', [stem(8), denseBlock, down]), 4100, 8],
  'a ViT block': [
    vit({ name: 'vit', size: 8, classes: 3, patch: 2, width: 8, depth: 1, heads: 2, hidden: 12 }),
    2400,
    8,
  ],
  'an MLP': [mlp({ inputs: 24, depth: 3, width: 18, classes: 3 }), 1800, 120],
}

const norm = (xs: Iterable<number>): number => Math.sqrt([...xs].reduce((s, x) => s + x * x, 0))

const alike = (found: Named, wanted: Named, tolerance: number): string | null => {
  for (const [name, expected] of Object.entries(wanted)) {
    const actual = found[name]
    if (actual?.length !== expected.length) return `${name}: ${actual?.length} elements`
    const far = norm([...expected].map((e, i) => e - (actual[i] ?? Number.NaN)))
    // Gradients that are zero but for rounding (a bias before a norm) are compared with 1.
    if (!(far <= tolerance * Math.max(norm(expected), 0.1))) return `${name}: ${far}`
  }
  return null
}

const inParts = ({ args, avals }: Program, contents: Named, target: Target): Named => {
  const entries = args.flatMap(({ name, id }) => {
    const aval = avals[id]
    const data: Data = contents[name] ?? new Float32Array(0)
    if (aval === undefined) return []
    const row = data.length / (aval.shape[0] ?? 1)
    return argumentParts(name, aval, target).map(p => [
      p.name,
      data.slice(p.from * row, p.to * row),
    ])
  })
  return Object.fromEntries(entries)
}

const test = suite('split')

for (const [name, [model, least, most]] of Object.entries(models)) {
  test(`${name}: a training step in parts is the whole step`, () => {
    const example = (batch: number, limit: number): void => {
      const { program, contents } = stepOf(model, batch)
      const target = limited(limit)
      const parted = right(split(moves, target)(program), showFault)
      assert.equal(
        parted.avals.filter(aval => isLarge(aval, limit)),
        [],
      )
      const whole = interpret(program, contents)
      const parts = interpret(parted, inParts(program, contents, target))
      assert.is(alike(parts.outputs, whole.outputs, 1e-5), null)
      assert.is(alike(parts.updates, whole.updates, 1e-5), null)
    }
    example(most - 1, least)
    const examples = fc.property(
      fc.integer({ min: 1, max: most }),
      fc.nat(2 * least),
      (batch, more) => {
        example(batch, least + more)
      },
    )
    fc.assert(examples, { numRuns: 4 })
  })
}

test('a program that fits is left as it is', () => {
  const { program } = stepOf(network('small', [stem(8)]), 4)
  assert.is(right(split(moves, limited(2 ** 20))(program), showFault), program)
})

const adapter = await acquire({ checked: true })()
const onDevice = E.isLeft(adapter) ? test.skip : test
if (E.isLeft(adapter)) console.log('no adapter: programs in parts are not run on a device')

const withEngine = async (limit: number, use: (engine: Engine) => Promise<void>): Promise<void> => {
  const acquired = right(await acquire({ checked: true })(), showFault)
  const { target } = acquired
  const limits = { ...target.limits, maxBindingBytes: limit }
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

for (const [name, [model, least, most]] of Object.entries(models)) {
  onDevice(`${name}: a device that binds little computes the same`, async () => {
    const { program, contents } = stepOf(model, most)
    const whole = interpret(program, contents)
    await withEngine(5 * least, async engine => {
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
  })
}

test.after(() => {
  if (E.isRight(adapter)) adapter.right.release()
})
test.run()

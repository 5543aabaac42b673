// Training under a scaled loss: the same bits as without on f32 kernels, what f16 loses without it, and a scale that gives way.
// timeout: 300
import * as TE from 'fp-ts/TaskEither'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { moves } from '../../kernels/moves.ts'
import { scale } from '../../kernels/scale.ts'
import { apply } from '../../src/core/op.ts'
import type { Data } from '../../src/core/aval.ts'
import { showFault } from '../../src/core/fault.ts'
import { cpuEngine } from '../../src/device/cpu.ts'
import type { Engine } from '../../src/device/engine.ts'
import { crossEntropy, type Loss } from '../../src/losses/losses.ts'
import { mlp } from '../../src/models/mlp.ts'
import type { Model } from '../../src/models/model.ts'
import { sgd } from '../../src/optim/optimizer.ts'
import { constant } from '../../src/optim/schedule.ts'
import { makePlan } from '../../src/plan/plan.ts'
import { type Course, trainEpochs } from '../../src/train/epochs.ts'
import { getContents, networkOf, putContents, startingContents } from '../../src/train/network.ts'
import { type Training, trainingProgram } from '../../src/train/programs.ts'
import { putSamples, type Samples } from '../../src/train/samples.ts'
import { type Snapshot, takeSnapshot } from '../../src/train/snapshot.ts'
import { done, engineOf, nativeEngine, right, useEngines } from '../support/engines.ts'
import { halvesEngine } from '../support/halves.ts'
import { CLASSES, PIXELS, tinyImages, tinyResnet, tinySamples } from '../support/tiny.ts'

const test = suite('loss scaling')
const leave = useEngines()
test.after(leave)
const native = await nativeEngine()
const tiled = await engineOf('tiled')
const canHalve = tiled?.info.features.includes('shader-f16') === true

/** The loss times `factor` under a rate divided by it: the same steps, but for what rounding loses of gradients. */
const times =
  (factor: number): Loss =>
  (logits, labels, weights) =>
    apply(scale, { factor })(crossEntropy(logits, labels, weights))

const wide = mlp({ inputs: PIXELS, depth: 3, width: 64, classes: CLASSES })

const courseOf = (
  { model, samples }: { readonly model: Model; readonly samples: Samples },
  factor: number,
  more: Partial<Training> = {},
): Course => ({
  training: {
    network: right(networkOf(model, model.name)),
    samples,
    batch: 16,
    loss: times(factor),
    from: 0,
    trains: () => true,
    optimizer: sgd,
    ...more,
  },
  epochs: 2,
  schedule: constant(0.05 / factor),
  hyper: { momentum: 0.9, weightDecay: 1e-4 * factor },
  seed: 5,
})

interface Ended {
  readonly contents: Readonly<Record<string, Data>>
  readonly snapshot: Snapshot
}

const trained = async (engine: Engine, course: Course, stop = Number.POSITIVE_INFINITY) => {
  const { training, from } = course
  if (from === undefined) {
    await done(putContents(engine, training.network, startingContents(training.network, 3)))
  }
  await done(putSamples(engine, training.samples))
  const hooks = { onStep: (step: number) => step < stop, onEpoch: () => TE.right(undefined) }
  const place = await done(trainEpochs(engine, course, hooks))
  const ended: Ended = {
    contents: await done(getContents(engine, training.network)),
    snapshot: await done(takeSnapshot(engine, training)(place)),
  }
  return ended
}

const lists = ({ contents }: Ended) =>
  Object.fromEntries(Object.entries(contents).map(([name, data]) => [name, [...data]]))

const mlpTask = { model: wide, samples: tinySamples('loss-scale/samples', 70, 1) }
const netTask = { model: tinyResnet, samples: tinyImages('loss-scale/images', 70, 1) }

for (const [engineName, engine] of Object.entries({ cpu: cpuEngine(), webgpu: native })) {
  for (const [name, task] of Object.entries({ mlp: mlpTask, 'tiny ResNet': netTask })) {
    test(`gives the bits of an unscaled run on f32 kernels: ${name}, ${engineName}`, async () => {
      if (engine === null || (engine.info.engine === 'cpu' && task === netTask)) return
      const plain = await trained(engine, courseOf(task, 1))
      const scaled = await trained(engine, courseOf(task, 1, { scalesLoss: true }))
      assert.equal(lists(scaled), lists(plain))
    })
  }
}

test('leaves programs of unscaled losses as they are', () => {
  const names = (more: Partial<Training>) =>
    right(trainingProgram(courseOf(netTask, 1, more).training)).instructions.map(
      ({ primitive }) => primitive.name,
    )
  const scaling = ['lossScale', 'nextScale']
  const [plain, scaled] = [names({}), names({ scalesLoss: true })]
  assert.not.ok(plain.some(name => scaling.includes(name)))
  const rest = scaled.filter(name => !scaling.includes(name))
  assert.equal(rest.sort(), plain.filter(name => name !== 'fill').sort())
})

test('keeps weight gradients fused into their updates, and waits for none before they are used', () => {
  const labelsOf = (more: Partial<Training>) => {
    const program = right(trainingProgram(courseOf(netTask, 1, more).training))
    const plan = right(makePlan(moves, cpuEngine().target)(program), showFault)
    return plan.steps.flatMap(step => (step._tag === 'Dispatch' ? [step.label] : []))
  }
  const updates = (labels: ReadonlyArray<string>) => labels.filter(l => l.endsWith('sgd'))
  const [plain, scaled] = [labelsOf({}), labelsOf({ scalesLoss: true })]
  assert.ok(updates(plain).some(label => label !== 'sgd'))
  assert.equal(updates(scaled), updates(plain))
  const at = scaled.indexOf('next loss scale')
  assert.ok(at > 0 && updates(scaled.slice(at)).length <= 3)
})

const distance = (a: Ended, b: Ended): number => {
  let [off, all] = [0, 0]
  for (const [name, data] of Object.entries(a.contents)) {
    const other = b.contents[name] ?? new Float32Array(0)
    data.forEach((v, i) => {
      off += (v - (other[i] ?? Number.NaN)) ** 2
    })
  }
  const start = startingContents(right(networkOf(wide, wide.name)), 3)
  for (const [name, data] of Object.entries(start)) {
    data.forEach((v, i) => {
      all += (v - (b.contents[name]?.[i] ?? Number.NaN)) ** 2
    })
  }
  return Math.sqrt(off / all)
}

const halved = canHalve ? test : test.skip

halved('saves the gradients that f16 loses', async () => {
  if (tiled === null) return
  const factor = 2 ** -17
  const engine = halvesEngine(tiled)
  const exact = await trained(tiled, courseOf(mlpTask, factor))
  const scaled = await trained(engine, courseOf(mlpTask, factor))
  const bare = { ...engine, target: { ...engine.target, precision: 'f32' } } as const
  const unscaled = await trained(bare, courseOf(mlpTask, factor))
  assert.ok(distance(scaled, exact) < 0.02, `scaled: off by ${distance(scaled, exact)}`)
  assert.ok(distance(unscaled, exact) > 0.2, `unscaled: off by ${distance(unscaled, exact)}`)
})

halved('halves the scale where gradients overflow, and stays finite', async () => {
  if (tiled === null) return
  const ended = await trained(halvesEngine(tiled), courseOf(mlpTask, 2 ** 8))
  const [, , , scaling = 0, steps = 0] = ended.snapshot.meter
  assert.ok(scaling < 2 ** 16 && scaling >= 2 ** 4, `scale ${scaling}`)
  assert.ok(steps > 0)
  for (const data of Object.values(ended.contents)) assert.ok(data.every(Number.isFinite))
})

halved('goes on with the same bits where it stopped: the scale is part of a snapshot', async () => {
  if (tiled === null) return
  const engine = halvesEngine(tiled)
  const course = courseOf(mlpTask, 2 ** 8)
  const whole = await trained(engine, course)
  const half = await trained(engine, course, 4)
  assert.is(half.snapshot.meter.length, 5)
  assert.ok((half.snapshot.meter[3] ?? 0) < 2 ** 16)
  await trained(engine, courseOf(mlpTask, 1), 2)
  await done(putContents(engine, course.training.network, half.contents))
  const rest = await trained(engine, { ...course, from: half.snapshot })
  assert.equal(lists(rest), lists(whole))
  assert.equal([...rest.snapshot.meter], [...whole.snapshot.meter])
})

test.run()

// Epochs: schedule and order, logs, and a run stopped at any step that goes on as if it had not been.
import * as fc from 'fast-check'
import * as TE from 'fp-ts/TaskEither'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Data } from '../../src/core/aval.ts'
import { cpuEngine } from '../../src/device/cpu.ts'
import type { Engine } from '../../src/device/engine.ts'
import { crossEntropy } from '../../src/losses/losses.ts'
import { mlp } from '../../src/models/mlp.ts'
import type { Model } from '../../src/models/model.ts'
import { sgd } from '../../src/optim/optimizer.ts'
import { cosine } from '../../src/optim/schedule.ts'
import { type Course, type EpochLog, trainEpochs } from '../../src/train/epochs.ts'
import {
  type Contents,
  getContents,
  networkOf,
  putContents,
  startingContents,
} from '../../src/train/network.ts'
import { evaluationProgram, type Training } from '../../src/train/programs.ts'
import { evaluate } from '../../src/train/run.ts'
import { putSamples, type Samples } from '../../src/train/samples.ts'
import { type Place, type Snapshot, takeSnapshot } from '../../src/train/snapshot.ts'
import { done, nativeEngine, right, useEngines } from '../support/engines.ts'
import { CLASSES, PIXELS, SIDE, tinyImages, tinyResnet, tinySamples } from '../support/tiny.ts'

const test = suite('epochs')
const leave = useEngines()
test.after(leave)
const native = await nativeEngine()

const EPOCHS = 3
const BATCH = 16
const STEPS = 5 // 70 samples: the last batch is short

/** What is trained, and how. */
interface Task {
  readonly course: Course
  readonly fresh: Contents
}

const taskOf = (model: Model, samples: Samples, more: Partial<Training> = {}): Task => {
  const network = right(networkOf(model, model.name))
  const training: Training = {
    network,
    samples,
    batch: BATCH,
    loss: crossEntropy,
    from: 0,
    trains: () => true,
    optimizer: sgd,
    ...more,
  }
  const course: Course = {
    training,
    epochs: EPOCHS,
    schedule: cosine(0.1, 1e-4, EPOCHS),
    hyper: { momentum: 0.9, weightDecay: 1e-4 },
    seed: 5,
    readEvery: 2,
  }
  return { course, fresh: startingContents(network, 3) }
}

const plain = taskOf(
  mlp({ inputs: PIXELS, depth: 3, width: 9, classes: CLASSES }),
  tinySamples('epochs/samples', 70, 1),
)

/** Running moments, and crops and flips that each step draws. */
const convolved = taskOf(tinyResnet, tinyImages('epochs/images', 70, 1), {
  augment: { width: SIDE, reach: 1, margin: [-2, -2, -2], key: 9 },
})

interface Ran {
  readonly place: Place
  readonly logs: ReadonlyArray<EpochLog>
  readonly steps: ReadonlyArray<number>
}

/** Trains to the step after `stop` others; each epoch's end evaluates, which uses the meter and batches too. */
const run = async (
  { course }: Task,
  engine: Engine,
  from: Snapshot | null,
  stop = Number.POSITIVE_INFINITY,
): Promise<Ran> => {
  const { training } = course
  const logs: Array<EpochLog> = []
  const steps: Array<number> = []
  const place = await done(
    trainEpochs(engine, from === null ? course : { ...course, from }, {
      onStep: step => steps.push(step) < stop,
      onEpoch: log => {
        logs.push(log)
        return evaluate(engine, evaluationProgram(training), training.samples, BATCH)
      },
    }),
  )
  return { place, logs, steps }
}

const stateOf = async ({ course: { training } }: Task, engine: Engine, place: Place) => ({
  contents: await done(getContents(engine, training.network)),
  snapshot: await done(takeSnapshot(engine, training)(place)),
})

const start = async ({ course: { training } }: Task, engine: Engine, contents: Contents) => {
  await done(putContents(engine, training.network, contents))
  await done(putSamples(engine, training.samples))
  return engine
}

const lists = (all: Readonly<Record<string, Data>>) =>
  Object.fromEntries(Object.entries(all).map(([name, data]) => [name, [...data]]))
const timeless = (logs: ReadonlyArray<EpochLog>) =>
  logs.map(({ seconds: _, imagesPerSecond: __, ...log }) => log)

test('run every step once, with the rate of the schedule', async () => {
  const { place, logs, steps } = await run(
    plain,
    await start(plain, cpuEngine(), plain.fresh),
    null,
  )
  assert.equal(place, { epoch: EPOCHS, step: 0 })
  assert.equal(
    steps,
    Array.from({ length: EPOCHS * STEPS }, (_, i) => i + 1),
  )
  assert.equal(
    logs.map(log => [log.epoch, log.lr]),
    [0, 1, 2].map(e => [e + 1, cosine(0.1, 1e-4, EPOCHS)(e)]),
  )
  assert.ok((logs[2]?.loss ?? 9) < (logs[0]?.loss ?? 0))
  for (const { seconds, imagesPerSecond } of logs) {
    assert.ok(Math.abs(seconds * imagesPerSecond - 70) < 1e-6)
  }
})

/** Stops before each of the steps, goes on on another engine, and compares every bit with an unbroken run. */
const sameBits = async (task: Task, stops: fc.Arbitrary<number>, numRuns: number) => {
  const whole = await start(task, cpuEngine(), task.fresh)
  const unbroken = await run(task, whole, null)
  const wanted = await stateOf(task, whole, unbroken.place)
  await fc.assert(
    fc.asyncProperty(stops, async stop => {
      const one = await start(task, cpuEngine(), task.fresh)
      const first = await run(task, one, null, stop)
      assert.equal(first.place, { epoch: Math.floor(stop / STEPS), step: stop % STEPS })
      const { contents, snapshot } = await stateOf(task, one, first.place)
      const other = await start(task, cpuEngine(), contents)
      const second = await run(task, other, snapshot)
      assert.equal(second.steps[0], stop + 1)
      assert.equal(timeless([...first.logs, ...second.logs]), timeless(unbroken.logs))
      const got = await stateOf(task, other, second.place)
      assert.equal(lists(got.contents), lists(wanted.contents))
      assert.equal(lists(got.snapshot.slots), lists(wanted.snapshot.slots))
    }),
    { numRuns },
  )
}

const anywhere = fc.integer({ min: 1, max: EPOCHS * STEPS - 1 })

test('stopped at any step and gone on with elsewhere give the same bits', () =>
  sameBits(plain, anywhere, 14))

test('do so for a network with batch norm, on images that are varied', () =>
  sameBits(convolved, anywhere, 3))

for (const [name, task] of Object.entries({ mlp: plain, 'tiny ResNet': convolved })) {
  test(`stopped within an epoch on webgpu give the same bits too: ${name}`, async () => {
    if (native === null) return
    const { fresh } = task
    const unbroken = await run(task, await start(task, native, fresh), null)
    const wanted = await stateOf(task, native, unbroken.place)
    const first = await run(task, await start(task, native, fresh), null, STEPS + 3)
    const { contents, snapshot } = await stateOf(task, native, first.place)
    await run(task, await start(task, native, fresh), null, 2)
    const second = await run(task, await start(task, native, contents), snapshot)
    assert.equal(timeless([...first.logs, ...second.logs]), timeless(unbroken.logs))
    const got = await stateOf(task, native, second.place)
    assert.equal(lists(got.contents), lists(wanted.contents))
  })
}

test('with varied images are another run than without, of the same length', async () => {
  const { training } = convolved.course
  const { augment: _, ...as } = training
  const still: Task = { ...convolved, course: { ...convolved.course, training: as } }
  const losses = async (task: Task): Promise<ReadonlyArray<number>> =>
    (await run(task, await start(task, cpuEngine(), task.fresh), null)).logs.map(l => l.loss)
  const [varied, fixed] = [await losses(convolved), await losses(still)]
  assert.is(varied.length, EPOCHS)
  for (const [i, loss] of varied.entries()) assert.is.not(loss, fixed[i])
})

test('end where the hook fails', async () => {
  const engine = await start(plain, cpuEngine(), plain.fresh)
  const fault = { _tag: 'Fault', what: 'w', where: 'x', mend: 'y', exit: 1 } as const
  const ended = await trainEpochs(engine, plain.course, {
    onStep: () => true,
    onEpoch: () => TE.left(fault),
  })()
  assert.equal(ended, { _tag: 'Left', left: fault })
})

test.run()

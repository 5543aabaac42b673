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
import { putSamples } from '../../src/train/samples.ts'
import { type Place, type Snapshot, takeSnapshot } from '../../src/train/snapshot.ts'
import { done, nativeEngine, right, useEngines } from '../support/engines.ts'
import { CLASSES, PIXELS, tinySamples } from '../support/tiny.ts'

const test = suite('epochs')
const leave = useEngines()
test.after(leave)
const native = await nativeEngine()

const EPOCHS = 3
const BATCH = 16
const STEPS = 5 // 70 samples: the last batch is short

const network = right(
  networkOf(mlp({ inputs: PIXELS, depth: 3, width: 9, classes: CLASSES }), 'epochs'),
)
const samples = tinySamples('epochs/samples', 70, 1)
const training: Training = {
  network,
  samples,
  batch: BATCH,
  loss: crossEntropy,
  from: 0,
  trains: () => true,
  optimizer: sgd,
}
const course: Course = {
  training,
  epochs: EPOCHS,
  schedule: cosine(0.1, 1e-4, EPOCHS),
  hyper: { momentum: 0.9, weightDecay: 1e-4 },
  seed: 5,
  readEvery: 2,
}

interface Ran {
  readonly place: Place
  readonly logs: ReadonlyArray<EpochLog>
  readonly steps: ReadonlyArray<number>
}

/** Trains to the step after `stop` others; each epoch's end evaluates, which uses the meter and batches too. */
const run = async (
  engine: Engine,
  from: Snapshot | null,
  stop = Number.POSITIVE_INFINITY,
): Promise<Ran> => {
  const logs: Array<EpochLog> = []
  const steps: Array<number> = []
  const place = await done(
    trainEpochs(engine, from === null ? course : { ...course, from }, {
      onStep: step => steps.push(step) < stop,
      onEpoch: log => {
        logs.push(log)
        return evaluate(engine, evaluationProgram(training), samples, BATCH)
      },
    }),
  )
  return { place, logs, steps }
}

interface State {
  readonly contents: Contents
  readonly snapshot: Snapshot
}

const stateOf = async (engine: Engine, place: Place): Promise<State> => ({
  contents: await done(getContents(engine, network)),
  snapshot: await done(takeSnapshot(engine, training)(place)),
})

const start = async (engine: Engine, contents: Contents): Promise<Engine> => {
  await done(putContents(engine, network, contents))
  await done(putSamples(engine, samples))
  return engine
}

const fresh = startingContents(network, 3)
const lists = (all: Readonly<Record<string, Data>>) =>
  Object.fromEntries(Object.entries(all).map(([name, data]) => [name, [...data]]))
const timeless = (logs: ReadonlyArray<EpochLog>) => logs.map(({ seconds: _, ...log }) => log)

test('run every step once, with the rate of the schedule', async () => {
  const { place, logs, steps } = await run(await start(cpuEngine(), fresh), null)
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
})

test('stopped at any step and gone on with elsewhere give the same bits', async () => {
  const whole = await start(cpuEngine(), fresh)
  const unbroken = await run(whole, null)
  const wanted = await stateOf(whole, unbroken.place)
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: EPOCHS * STEPS - 1 }), async stop => {
      const one = await start(cpuEngine(), fresh)
      const first = await run(one, null, stop)
      assert.equal(first.place, { epoch: Math.floor(stop / STEPS), step: stop % STEPS })
      const { contents, snapshot } = await stateOf(one, first.place)
      const other = await start(cpuEngine(), contents)
      const second = await run(other, snapshot)
      assert.equal(second.steps[0], stop + 1)
      assert.equal(timeless([...first.logs, ...second.logs]), timeless(unbroken.logs))
      const got = await stateOf(other, second.place)
      assert.equal(lists(got.contents), lists(wanted.contents))
      assert.equal(lists(got.snapshot.slots), lists(wanted.snapshot.slots))
    }),
    { numRuns: 14 },
  )
})

test('stopped within an epoch on webgpu give the same bits too', async () => {
  if (native === null) return
  const unbroken = await run(await start(native, fresh), null)
  const wanted = await stateOf(native, unbroken.place)
  const first = await run(await start(native, fresh), null, STEPS + 3)
  const { contents, snapshot } = await stateOf(native, first.place)
  await run(await start(native, fresh), null, 2)
  const second = await run(await start(native, contents), snapshot)
  assert.equal(timeless([...first.logs, ...second.logs]), timeless(unbroken.logs))
  const got = await stateOf(native, second.place)
  assert.equal(lists(got.contents), lists(wanted.contents))
})

test('end where the hook fails', async () => {
  const engine = await start(cpuEngine(), fresh)
  const fault = { _tag: 'Fault', what: 'w', where: 'x', mend: 'y', exit: 1 } as const
  const ended = await trainEpochs(engine, course, {
    onStep: () => true,
    onEpoch: () => TE.left(fault),
  })()
  assert.equal(ended, { _tag: 'Left', left: fault })
})

test.run()

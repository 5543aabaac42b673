// A training or a forward pass of a network on random images, ready to be timed.
import * as E from 'fp-ts/Either'
import { f32, sizeOf } from '../src/core/aval.ts'
import type { Engine, Executable } from '../src/device/engine.ts'
import { uniforms } from '../src/core/random.ts'
import { crossEntropy } from '../src/losses/losses.ts'
import { trace } from '../src/core/trace.ts'
import { arg, showShapeErrors } from '../src/core/value.ts'
import { forward } from '../src/models/forward.ts'
import type { Model } from '../src/models/model.ts'
import { evaluation } from '../src/nn/layer.ts'
import { HYPER, hyperOf, sgd } from '../src/optim/optimizer.ts'
import {
  networkOf,
  parameterValues,
  putContents,
  startingContents,
  stateValues,
} from '../src/train/network.ts'
import { METER, type Training, trainingProgram } from '../src/train/programs.ts'
import type { Recompute } from '../src/train/recompute.ts'
import {
  batchInputs,
  epochOrder,
  putBatch,
  putSamples,
  type Samples,
} from '../src/train/samples.ts'
import { putScaling, putSlots, scaledFor } from '../src/train/snapshot.ts'
import { done } from './harness.ts'
import { median } from './result.ts'

/** Random images of a network's size, and labels. */
export const randomImages = (model: Model, count: number): Samples => {
  const next = uniforms(1, 'bench')
  const features = model.input.reduce((a, b) => a * b, 1)
  const channels = model.input.length === 1 ? 1 : (model.input.at(-1) ?? 1)
  const [mean, std] = [0.45, 0.23].map(value => Array.from({ length: channels }, () => value))
  const words = Math.ceil(features / 4)
  return {
    name: 'bench',
    count,
    labels: Uint32Array.from({ length: count }, () => Math.floor(model.classes * next())),
    contents: {
      _tag: 'Images',
      format: { features, mean: mean ?? [], std: std ?? [] },
      words: Uint32Array.from({ length: count * words }, () => Math.floor(2 ** 32 * next())),
    },
  }
}

/** A step that can be run again and again. */
export interface Trial {
  readonly executable: Executable
  readonly order: Uint32Array
  readonly batch: number
}

/** How a training step is tried: images in a step and in all, and what the backward pass computes again. */
export interface TrialOptions {
  readonly batch: number
  readonly count: number
  readonly recompute?: Recompute | undefined
}

/** A training step of a model on random images: SGD with momentum on all parameters. */
export const trainingTrial = async (
  engine: Engine,
  model: Model,
  { batch, count, recompute = 'none' }: TrialOptions,
): Promise<Trial> => {
  const network = await done(async () => networkOf(model, 'bench'))
  const samples = randomImages(model, count)
  const training: Training = scaledFor(engine, {
    network,
    samples,
    batch,
    loss: crossEntropy,
    from: 0,
    trains: () => true,
    optimizer: sgd,
    recompute,
  })
  await done(putScaling(engine, training))
  await done(putContents(engine, network, startingContents(network, 1)))
  await done(putSamples(engine, samples))
  await done(putBatch(engine, batch))
  await done(putSlots(engine, training))
  await done(engine.put(METER.name, METER.aval))
  await done(
    engine.put(HYPER.name, HYPER.aval, hyperOf({ lr: 0.01, momentum: 0.9, weightDecay: 1e-4 })),
  )
  const program = await done(async () => trainingProgram(training))
  return { executable: await done(engine.load(program)), order: epochOrder(count, 1, 0), batch }
}

/** Milliseconds a step with the device's work, and on the host alone (encode and submit, the queue left running). */
export const timeSteps = async ({ executable, order, batch }: Trial, steps: number) => {
  const all = Math.floor(order.length / batch)
  const host: Array<number> = []
  await done(executable.outputs)
  const began = performance.now()
  for (let i = 0; i < steps; i++) {
    const inputs = batchInputs(order, batch, i % all)
    const before = performance.now()
    const running = executable.run(inputs)()
    host.push(performance.now() - before)
    await running
  }
  await done(executable.outputs)
  return { step: (performance.now() - began) / steps, host: median(host) }
}

/** A forward pass in evaluation mode of a model on `batch` random images that are on the device already. */
export const inferenceTrial = async (
  engine: Engine,
  model: Model,
  batch: number,
): Promise<Executable> => {
  const network = await done(async () => networkOf(model, 'bench'))
  const next = uniforms(2, 'bench')
  const x = f32(batch, ...model.input)
  await done(putContents(engine, network, startingContents(network, 1)))
  await done(
    engine.put(
      'x',
      x,
      Float32Array.from({ length: sizeOf(x) }, () => next() - 0.5),
    ),
  )
  const [params, state] = [parameterValues(network), stateValues(network)]
  const { logits } = forward(model, evaluation)(params, state, arg('x', x))
  const program = trace({ outputs: { logits } })
  if (E.isLeft(program)) throw new Error(showShapeErrors(program.left))
  return done(engine.load(program.right))
}

/** Milliseconds a run, over `runs` of them. */
export const timeRuns = async (executable: Executable, runs: number): Promise<number> => {
  await done(executable.outputs)
  const began = performance.now()
  for (let i = 0; i < runs; i++) await done(executable.run({}))
  await done(executable.outputs)
  return (performance.now() - began) / runs
}

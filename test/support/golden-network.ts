// A network with the golden files' contents, and what the engine makes of it: logits, loss, gradients, one step of SGD.
import type { Data } from '../../src/core/aval.ts'
import { uniforms } from '../../src/core/random.ts'
import { trace } from '../../src/core/trace.ts'
import { arg, showShapeErrors, type Value } from '../../src/core/value.ts'
import type { Engine, Named } from '../../src/device/engine.ts'
import { crossEntropy } from '../../src/losses/losses.ts'
import { forward } from '../../src/models/forward.ts'
import type { Model } from '../../src/models/model.ts'
import { reshape } from '../../kernels/reshape.ts'
import { apply } from '../../src/core/op.ts'
import { grad } from '../../src/nn/gradient.ts'
import { evaluation, type Mode } from '../../src/nn/layer.ts'
import { HYPER, hyperOf, sgd } from '../../src/optim/optimizer.ts'
import {
  arraysWhere,
  getContents,
  type Network,
  networkOf,
  parametersWhere,
  parameterValues,
  putContents,
  stateValues,
  storedName,
} from '../../src/train/network.ts'
import { type Training, trainingProgram } from '../../src/train/programs.ts'
import { resetMeter, runSteps, always, using } from '../../src/train/run.ts'
import {
  batchInputs,
  batchOf,
  dropSamples,
  putBatch,
  putSamples,
  type Samples,
  storedOrder,
} from '../../src/train/samples.ts'
import { dropSlots, putSlots } from '../../src/train/snapshot.ts'
import * as O from 'fp-ts/Option'
import { done, right } from './engines.ts'

const SEED = 1

/** Numbers in [-1, 1) of a name, as make.py has them. */
export const spread = (name: string, n: number): Float64Array => {
  const next = uniforms(SEED, name)
  return Float64Array.from({ length: n }, () => 2 * next() - 1)
}

/** What make.py gives the array at a path, by its name and shape. */
const contentsAt = (path: string, shape: ReadonlyArray<number>): Float32Array => {
  const n = shape.reduce((a, b) => a * b, 1)
  const values = spread(path, n)
  const scale = Math.sqrt(6 / shape.slice(1).reduce((a, b) => a * b, 1))
  const value = (v: number): number => {
    if (path.endsWith('running_mean')) return 0.2 * v
    if (path.endsWith('running_var')) return 1 + 0.25 * (v + 1)
    if (shape.length === 1) return 0.2 * v + 1
    return v * scale
  }
  return Float32Array.from(values, value)
}

/** Images [B, 3, H, W] of make.py as rows [B, H W 3]. */
const imagesOf = (batch: number, size: number): Float32Array => {
  const nchw = spread('x', batch * 3 * size * size)
  const pixels = size * size
  return Float32Array.from(nchw, (_, i) => {
    const [c, p, b] = [i % 3, Math.floor(i / 3) % pixels, Math.floor(i / 3 / pixels)]
    return 2 * (nchw[(b * 3 + c) * pixels + p] ?? 0)
  })
}

const samplesOf = (batch: number, size: number): Samples => ({
  name: 'golden',
  count: batch,
  labels: Uint32Array.from({ length: batch }, (_, i) => i % 7),
  contents: { _tag: 'Rows', width: 3 * size * size, rows: imagesOf(batch, size) },
})

const run = async (
  engine: Engine,
  program: ReturnType<typeof gradientsProgram>,
  inputs: Named,
): Promise<Named> => {
  const executable = await done(engine.load(right(program, showShapeErrors)))
  await done(executable.run(inputs))
  const outputs = await done(executable.outputs)
  executable.release()
  return outputs
}

const gradientsProgram = (network: Network, samples: Samples) => {
  const batch = batchOf(samples, samples.count)
  const x = apply(reshape, { shape: [samples.count, ...network.model.input] })(batch.x)
  const bound = [parameterValues(network), stateValues(network), x] as const
  const train: Mode = {
    _tag: 'Train',
    weights: batch.weights,
    random: batch.random,
    moments: 'batch',
  }
  const { logits } = forward(network.model, train)(...bound)
  const evaluated = forward(network.model, evaluation)(...bound).logits
  const loss = crossEntropy(logits, batch.labels, batch.weights)
  const all = parametersWhere(network, () => true)
  const values = all.map(([path, p]) => arg(storedName(network, path), p.aval))
  const grads = grad(loss, values).map((g, i) =>
    O.getOrElse((): Value => {
      throw new Error(`no gradient of ${all[i]?.[0]}`)
    })(g),
  )
  const named = Object.fromEntries(all.map(([path], i) => [`grad ${path}`, grads[i] ?? loss]))
  return trace({ outputs: { logits, evaluated, loss, ...named } })
}

/** What PyTorch's figures are compared with. */
export interface Found {
  readonly outputs: Named
  readonly stepped: Readonly<Record<string, Data>>
}

/** Runs the network on an engine as make.py does. */
export const goldenRun = async (
  engine: Engine,
  model: Model,
  batch: number,
  size: number,
): Promise<Found> => {
  const network = right(networkOf(model, 'net'))
  const samples = samplesOf(batch, size)
  const contents = Object.fromEntries(
    arraysWhere(network, () => true).map(([path, { aval }]) => [
      path,
      contentsAt(path, aval.shape),
    ]),
  )
  const training: Training = {
    network,
    samples,
    batch,
    loss: crossEntropy,
    from: 0,
    trains: () => true,
    optimizer: sgd,
  }
  await done(putContents(engine, network, contents))
  await done(putSamples(engine, samples))
  await done(putBatch(engine, batch))
  const order = storedOrder(batch)
  const outputs = await run(
    engine,
    gradientsProgram(network, samples),
    batchInputs(order, batch, 0),
  )
  await done(putSlots(engine, training))
  await done(resetMeter(engine))
  const hyper = hyperOf({ lr: 0.1, momentum: 0.9, weightDecay: 1e-4 })
  await done(engine.put(HYPER.name, HYPER.aval, hyper))
  await done(
    using<number>(engine, trainingProgram(training))(x => runSteps(x, order, batch)(always)),
  )
  const stepped = await done(getContents(engine, network))
  dropSamples(engine, samples)
  dropSlots(engine, training)
  engine.drop(arraysWhere(network, () => true).map(([path]) => storedName(network, path)))
  return { outputs, stepped }
}

// A training step of a network with all that it computes as outputs, and contents for it: for tests of what is done to programs.
import * as O from 'fp-ts/Option'
import { reshape } from '../../kernels/reshape.ts'
import { type Aval, type Data, f32, sizeOf } from '../../src/core/aval.ts'
import { apply } from '../../src/core/op.ts'
import { type Program, trace } from '../../src/core/trace.ts'
import { arg, showShapeErrors, type Value } from '../../src/core/value.ts'
import { showFault } from '../../src/core/fault.ts'
import { crossEntropy } from '../../src/losses/losses.ts'
import { forward } from '../../src/models/forward.ts'
import type { Model } from '../../src/models/model.ts'
import { grad } from '../../src/nn/gradient.ts'
import {
  networkOf,
  parametersWhere,
  parameterValues,
  stateUpdates,
  stateValues,
  storedName,
} from '../../src/train/network.ts'
import { batchOf } from '../../src/train/samples.ts'
import { contentsOf } from './contents.ts'
import { right } from './engines.ts'

/** A program and contents for its arguments. */
export interface Sample {
  readonly program: Program
  readonly contents: Readonly<Record<string, Data>>
}

const heldBy = (name: string, { dtype }: Aval) => {
  if (name.endsWith('index')) return { below: 12 }
  if (name.endsWith('labels')) return { below: 3 }
  if (dtype === 'u32') return { below: 2 ** 32 }
  return /var$|norm.*weight$/.test(name) ? { low: 0.5, high: 2 } : undefined
}

/** Contents for a program's arguments by their names; every fifth row of a batch is padding. */
export const contentsFor = ({ args, avals }: Program): Readonly<Record<string, Data>> =>
  Object.fromEntries(
    args.map(({ name, id }): readonly [string, Data] => {
      const aval = avals[id] ?? f32()
      const padded = Float32Array.from({ length: sizeOf(aval) }, (_, i) => (i % 5 === 3 ? 0 : 1))
      return [name, name.endsWith('weights') ? padded : contentsOf(heldBy(name, aval), aval, name)]
    }),
  )

/**
 * One batch out of ten rows, forward in training mode: taps, logits, loss and every gradient as outputs, the next running
 * moments as updates.
 */
export const stepOf = (model: Model, batch: number): Sample => {
  const network = right(networkOf(model, 'net'), showFault)
  const width = model.input.reduce((a, b) => a * b, 1)
  const samples = {
    name: 'samples',
    count: 10,
    labels: new Uint32Array(10),
    contents: { _tag: 'Rows', width, rows: new Float32Array(10 * width) },
  } as const
  const { x, labels, weights, random } = batchOf(samples, batch)
  const mode = { _tag: 'Train', weights, random, moments: 'batch' } as const
  const { logits, taps, state } = forward(model, mode)(
    parameterValues(network),
    stateValues(network),
    apply(reshape, { shape: [batch, ...model.input] })(x),
  )
  const loss = crossEntropy(logits, labels, weights)
  const all = parametersWhere(network, () => true)
  const grads = grad(
    loss,
    all.map(([path, p]) => arg(storedName(network, path), p.aval)),
  )
  const gradients = all.flatMap(([path], i): ReadonlyArray<readonly [string, Value]> => {
    const g = grads[i] ?? O.none
    return O.isSome(g) ? [[`gradient ${path}`, g.value]] : []
  })
  const outputs = { logits, loss, ...Object.fromEntries(gradients) }
  const named = Object.fromEntries(taps.map((tap, i) => [`tap ${i}`, tap]))
  const program = right(
    trace({ outputs: { ...outputs, ...named }, updates: stateUpdates(network, state) }),
    showShapeErrors,
  )
  return { program, contents: contentsFor(program) }
}

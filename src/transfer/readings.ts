// What is read of a forward pass in evaluation mode: outputs to cache, units' rows, and the classifier's input. Pure.
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import { reshape } from '../../kernels/reshape.ts'
import { type Fault, fault } from '../core/fault.ts'
import { apply, at } from '../core/op.ts'
import { type Program, trace } from '../core/trace.ts'
import { showShapeErrors, type Value } from '../core/value.ts'
import { type Forward, forward } from '../models/forward.ts'
import { average, poolOf, unitsOf } from '../models/model.ts'
import { evaluation } from '../nn/layer.ts'
import { inputShape, type Network, parameterValues, stateValues } from '../train/network.ts'
import { FEATURES, type Pass } from '../train/programs.ts'
import { batchOf } from '../train/samples.ts'

/** Name of the encoder's own features, which a skip adds to. */
export const ENCODER = 'encoder'

/** Name of a unit's rows among the readings, apart from its output, which has the block's name. */
export const rowsName = (block: string): string => `rows/${block}`

/** A reading: its name, its bytes for all samples of a pass, and its value. */
export interface Reading {
  readonly name: string
  readonly bytes: number
  readonly value: (pass: Forward) => Value
}

const widthOf = ({ init }: Network, index: number): number => init.taps[index]?.shape.at(-1) ?? 0

/** Rows [batch, d] of every unit's output from block `from` on: the mean over its places. */
export const unitReadings = ({ network, from, samples }: Pass): ReadonlyArray<Reading> =>
  unitsOf(network.model)
    .filter(({ index }) => index >= from)
    .map(({ block, index }) => ({
      name: rowsName(block.name),
      bytes: 4 * widthOf(network, index) * samples.count,
      value: ({ taps }) => average(at(taps, index - from)),
    }))

/** The classifier's input, and where a skip adds to it what it is without. */
export const featureReadings = ({ network, neck, samples }: Pass): ReadonlyArray<Reading> => {
  const pool = poolOf(network.model)
  const bytes = 4 * network.init.width * samples.count
  const own = (pass: Forward): Value => pass.features
  return neck === undefined
    ? [{ name: FEATURES, bytes, value: own }]
    : [
        {
          name: FEATURES,
          bytes,
          value: ({ outputs, features }) => neck(outputs.map(pool), features),
        },
        { name: ENCODER, bytes, value: own },
      ]
}

/** The outputs of blocks by name, as the block after each takes them. */
export const outputReadings = (
  { network, from, samples }: Pass,
  wants: (name: string) => boolean,
): ReadonlyArray<Reading> =>
  network.model.blocks.slice(from).flatMap(({ name }, i) =>
    wants(name)
      ? [
          {
            name,
            bytes:
              4 *
              (network.init.taps[from + i]?.shape ?? []).reduce((n, s) => n * s, 1) *
              samples.count,
            value: ({ outputs }: Forward) => at(outputs, i),
          },
        ]
      : [],
  )

/** One batch in evaluation mode whose outputs are the readings, without a skip in the pass that they are taken of. */
export const readingsProgram = (
  { network, from, samples, batch }: Pass,
  readings: ReadonlyArray<Reading>,
): E.Either<Fault, Program> => {
  const { x } = batchOf(samples, batch)
  const shape = [batch, ...inputShape(network, from)]
  const shaped = shape.length === x.aval.shape.length ? x : apply(reshape, { shape })(x)
  const pass = forward(network.model, evaluation, from)(
    parameterValues(network),
    stateValues(network),
    shaped,
  )
  return pipe(
    trace({ outputs: Object.fromEntries(readings.map(({ name, value }) => [name, value(pass)])) }),
    E.mapLeft(errors => fault(showShapeErrors(errors), 'network', 'change its sizes')),
  )
}

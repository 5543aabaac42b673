// The self-test: one gradient step of a small network, on the engine and by the reference interpreter.
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as O from 'fp-ts/Option'
import * as TE from 'fp-ts/TaskEither'
import { linear } from '../../kernels/matmul.ts'
import { relu } from '../../kernels/relu.ts'
import { type Aval, type Data, f32, sizeOf, u32 } from '../../src/core/aval.ts'
import { type Fault, failure } from '../../src/core/fault.ts'
import { interpret } from '../../src/core/interpret.ts'
import { apply } from '../../src/core/op.ts'
import { normals } from '../../src/core/random.ts'
import { type Program, trace } from '../../src/core/trace.ts'
import { arg, showShapeErrors, type Value } from '../../src/core/value.ts'
import type { Engine, Named } from '../../src/device/engine.ts'
import { crossEntropy } from '../../src/losses/losses.ts'
import { grad } from '../../src/nn/gradient.ts'
import { using } from '../../src/train/run.ts'

/** Largest difference from the reference, relative to the largest value of the same array. */
export interface SelfTest {
  readonly passed: boolean
  readonly maxRelativeError: number
  readonly tolerance: number
}

/** Sums of 65 float32 products round to about 1e-6; a wrong kernel is off by far more than this. */
const TOLERANCE = 1e-4

/** Odd sizes, so that every kernel meets its edges. */
const [BATCH, WIDTH, HIDDEN, CLASSES] = [33, 65, 47, 5] as const

const SCOPE = 'self-test/'

const shapes: Readonly<Record<string, Aval>> = {
  x: f32(BATCH, WIDTH),
  w1: f32(HIDDEN, WIDTH),
  b1: f32(HIDDEN),
  w2: f32(CLASSES, HIDDEN),
  b2: f32(CLASSES),
  labels: u32(BATCH),
  weights: f32(BATCH),
}

const trained = ['w1', 'b1', 'w2', 'b2']

const contentsOf = (name: string, aval: Aval): Data => {
  const next = normals(1, name)
  if (aval.dtype === 'u32') return Uint32Array.from({ length: sizeOf(aval) }, (_, i) => i % CLASSES)
  return name === 'weights'
    ? new Float32Array(sizeOf(aval)).fill(1)
    : Float32Array.from({ length: sizeOf(aval) }, () => next() / 4)
}

const contents: Named = Object.fromEntries(
  Object.entries(shapes).map(([name, aval]) => [`${SCOPE}${name}`, contentsOf(name, aval)]),
)

/** x -> linear -> ReLU -> linear -> cross-entropy: the loss and the parameters after a step down the gradient. */
const program = (): E.Either<Fault, Program> => {
  const values = new Map<string, Value>(
    Object.entries(shapes).map(([name, aval]) => [name, arg(`${SCOPE}${name}`, aval)]),
  )
  const value = (name: string): Value => values.get(name) ?? arg(name, f32())
  const layer = (x: Value, i: number): Value => apply(linear, {})(x, value(`w${i}`), value(`b${i}`))
  const logits = layer(apply(relu, null)(layer(value('x'), 1)), 2)
  const loss = crossEntropy(logits, value('labels'), value('weights'))
  const gradients = grad(loss, trained.map(value)).map((g, i) => [
    `d${trained[i]}`,
    O.getOrElse(() => loss)(g),
  ])
  return pipe(
    trace({ outputs: { loss, ...Object.fromEntries(gradients) } }),
    E.mapLeft(errors => failure(showShapeErrors(errors), 'self-test', 'report this')),
  )
}

const errorOf = (actual: Data | undefined, expected: Data): number => {
  let [scale, worst] = [Number.MIN_VALUE, 0]
  for (let i = 0; i < expected.length; i++) {
    const wanted = expected[i] ?? 0
    const off = Math.abs((actual?.[i] ?? Number.NaN) - wanted)
    scale = Math.max(scale, Math.abs(wanted))
    worst = Math.max(worst, Number.isNaN(off) ? Number.POSITIVE_INFINITY : off)
  }
  return worst / scale
}

/** Largest difference between arrays of the same names, relative to each array's largest value; infinite for NaN. */
export const relativeError = (actual: Named, expected: Named): number =>
  Math.max(...Object.entries(expected).map(([name, wanted]) => errorOf(actual[name], wanted)))

const compare = (actual: Named, expected: Named): SelfTest => {
  const maxRelativeError = relativeError(actual, expected)
  return { passed: maxRelativeError <= TOLERANCE, maxRelativeError, tolerance: TOLERANCE }
}

/** Runs the test on an engine; what it puts into the store is taken out again. */
export const selfTest = (engine: Engine): TE.TaskEither<Fault, SelfTest> => {
  const names = Object.keys(contents)
  const tested = pipe(
    TE.traverseSeqArray(([name, aval]: readonly [string, Aval]) =>
      engine.put(`${SCOPE}${name}`, aval, contents[`${SCOPE}${name}`]),
    )(Object.entries(shapes)),
    TE.chain(() => TE.fromEither(program())),
    TE.chain(traced =>
      using<SelfTest>(
        engine,
        E.right(traced),
      )(executable =>
        pipe(
          executable.run({}),
          TE.chain(() => executable.outputs),
          TE.map(outputs => compare(outputs, interpret(traced, contents).outputs)),
        ),
      ),
    ),
  )
  return async () => {
    const result = await tested()
    engine.drop(names)
    return result
  }
}

// Running programs over samples: epochs of training, evaluation, and features read back. Effects, as TaskEither values.
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import type { Data } from '../core/aval.ts'
import { type Fault, failure } from '../core/fault.ts'
import type { Program } from '../core/trace.ts'
import type { Engine, Executable, Named } from '../device/engine.ts'
import { METER } from './programs.ts'
import { batchInputs, putBatch, type Samples, stepsOf, storedOrder } from './samples.ts'

/** Mean loss and share of hits over the samples seen. */
export interface Score {
  readonly loss: number
  readonly accuracy: number
}

/** Called after each step with the steps done; `false` stops the run there. */
export type OnStep = (done: number, total: number) => boolean

/** Goes on, whatever happens. */
export const always: OnStep = () => true

/** Score of the meter's sums [loss, hits, count]. */
export const scoreOf = (sums: ArrayLike<number>): Score => {
  const count = sums[2] ?? 0
  return { loss: (sums[0] ?? 0) / count, accuracy: (sums[1] ?? 0) / count }
}

/** Runs steps `first`.. of an order; gives the step after the last that ran. `seed` draws what is random in them. */
export const runSteps =
  (executable: Executable, order: Uint32Array, batch: number, first = 0, seed = 0) =>
  (onStep: OnStep): TE.TaskEither<Fault, number> =>
  async () => {
    const total = stepsOf(order.length, batch)
    for (let step = first; step < total; step++) {
      const ran = await executable.run(batchInputs(order, batch, step, seed))()
      if (E.isLeft(ran)) return ran
      if (!onStep(step + 1, total)) return E.right(step + 1)
    }
    return E.right(total)
  }

/** Zeroes the meter. */
export const resetMeter = (engine: Engine): TE.TaskEither<Fault, void> =>
  engine.put(METER.name, METER.aval, new Float32Array(3))

/** Reads the meter, an output of the executable; a loss that is not finite is a failure. */
export const readMeter = (executable: Executable): TE.TaskEither<Fault, Data> =>
  pipe(
    executable.outputs,
    TE.chainEitherK(outputs => {
      const sums = outputs[METER.name] ?? new Float32Array(3)
      return Number.isFinite(sums[0])
        ? E.right(sums)
        : E.left(failure('the loss is not finite', 'training', 'lower the learning rate (--lr)'))
    }),
  )

/** Loads a program, uses it, and releases it whatever happens. */
export const using =
  <A>(engine: Engine, program: E.Either<Fault, Program>) =>
  (use: (executable: Executable) => TE.TaskEither<Fault, A>): TE.TaskEither<Fault, A> =>
    pipe(
      TE.fromEither(program),
      TE.chain(engine.load),
      TE.chain(executable => async () => {
        try {
          return await use(executable)()
        } finally {
          executable.release()
        }
      }),
    )

/** Score of an evaluation program over all samples. */
export const evaluate = (
  engine: Engine,
  program: E.Either<Fault, Program>,
  samples: Samples,
  batch: number,
): TE.TaskEither<Fault, Score> =>
  pipe(
    putBatch(engine, batch),
    TE.chain(() => resetMeter(engine)),
    TE.chain(() =>
      using<Score>(
        engine,
        program,
      )(executable =>
        pipe(
          runSteps(executable, storedOrder(samples.count), batch)(always),
          TE.chain(() => readMeter(executable)),
          TE.map(scoreOf),
        ),
      ),
    ),
  )

const append = (
  into: Map<string, Float32Array>,
  outputs: Named,
  first: number,
  rows: number,
  batch: number,
  count: number,
): void => {
  for (const [name, data] of Object.entries(outputs)) {
    const width = data.length / batch
    const all = into.get(name) ?? new Float32Array(count * width)
    into.set(name, all)
    all.set(data.subarray(0, rows * width), first * width)
  }
}

/**
 * All rows of every output of a program whose outputs are [batch, d], over all samples: arrays [count, d] by name. Where
 * `onRows` is false it stops, and what is left of the rows is zero.
 */
export const collect = (
  engine: Engine,
  program: E.Either<Fault, Program>,
  samples: Samples,
  batch: number,
  onRows: OnStep = always,
): TE.TaskEither<Fault, ReadonlyMap<string, Float32Array>> =>
  pipe(
    putBatch(engine, batch),
    TE.chain(() =>
      using<ReadonlyMap<string, Float32Array>>(
        engine,
        program,
      )(executable => async () => {
        const collected = new Map<string, Float32Array>()
        const order = storedOrder(samples.count)
        for (let first = 0; first < samples.count; first += batch) {
          const ran = await executable.run(batchInputs(order, batch, first / batch))()
          if (E.isLeft(ran)) return ran
          const outputs = await executable.outputs()
          if (E.isLeft(outputs)) return outputs
          const rows = Math.min(batch, samples.count - first)
          append(collected, outputs.right, first, rows, batch, samples.count)
          if (!onRows(first + rows, samples.count)) break
        }
        return E.right(collected)
      }),
    ),
  )

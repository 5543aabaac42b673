// Opens an engine for f16 products only after it has shown that they are right; else one for f32, and says why.
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import { type Aval, type Data, sizeOf } from '../core/aval.ts'
import { type Fault, showFault } from '../core/fault.ts'
import { interpret } from '../core/interpret.ts'
import type { Moves } from '../core/op.ts'
import { uniforms } from '../core/random.ts'
import type { Program } from '../core/trace.ts'
import type { Engine, EngineOptions, Named } from './engine.ts'
import { type DeviceName, openEngine } from './open.ts'

/** Difference allowed to f32, in units of a result's largest element: some roundings to eleven bits. */
const tolerance = 5e-3

const contentsOf = (name: string, aval: Aval): Data => {
  const next = uniforms(0, `probe ${name}`)
  return Float32Array.from({ length: sizeOf(aval) }, () => 2 * next() - 1)
}

const argumentsOf = (program: Program): ReadonlyArray<readonly [string, Aval]> =>
  program.args.flatMap(({ name, id }) => {
    const aval = program.avals[id]
    return aval === undefined ? [] : [[name, aval] as const]
  })

const farthest = (actual: Data, expected: Data): number => {
  let [top, worst] = [0, 0]
  expected.forEach((e, i) => {
    const off = Math.abs((actual[i] ?? Number.NaN) - e)
    top = Math.max(top, Math.abs(e))
    worst = Math.max(worst, Number.isNaN(off) ? Number.POSITIVE_INFINITY : off)
  })
  return actual.length === expected.length ? worst / top : Number.POSITIVE_INFINITY
}

/** The name and distance of the first output that is too far from the reference; null where there is none. */
export const misses = (actual: Named, expected: Named): string | null => {
  for (const [name, reference] of Object.entries(expected)) {
    const off = farthest(actual[name] ?? new Float32Array(0), reference)
    if (!(off <= tolerance)) return `${name} is off by ${off.toPrecision(2)} of the largest`
  }
  return null
}

const run = (engine: Engine, program: Program, inputs: Named): TE.TaskEither<Fault, Named> =>
  pipe(
    argumentsOf(program).map(([name, aval]) => engine.put(name, aval, inputs[name])),
    TE.sequenceSeqArray,
    TE.chain(() => engine.load(program)),
    TE.chain(loaded =>
      pipe(
        loaded.run({}),
        TE.chain(() => loaded.outputs),
        TE.map(outputs => {
          loaded.release()
          return outputs
        }),
      ),
    ),
  )

/** Why the engine may not be used for f16: what of the probe's outputs is wrong, or its fault; null where all is well. */
export const faultOf =
  (engine: Engine, probe: Program): (() => Promise<string | null>) =>
  async () => {
    const inputs = Object.fromEntries(argumentsOf(probe).map(([n, a]) => [n, contentsOf(n, a)]))
    const outputs = await run(engine, probe, inputs)()
    engine.drop(Object.keys(inputs))
    return E.isLeft(outputs)
      ? showFault(outputs.left)
      : misses(outputs.right, interpret(probe, inputs).outputs)
  }

/**
 * `openEngine`; where `options` ask for f16, the adapter must have the matrix units, and `probe` must give on them what
 * its reference gives. Else `say` is told in a line, and f32 is used: the engine's `target.precision` tells which.
 */
export const openPrecise = (
  name: DeviceName,
  moves: Moves,
  options: EngineOptions,
  probe: Program,
  say: (line: string) => void,
): TE.TaskEither<Fault, Engine> => {
  const plainly = openEngine(name, moves, { ...options, precision: 'f32' })
  if (options.precision !== 'f16') return plainly
  const settled = (engine: Engine): TE.TaskEither<Fault, Engine> => {
    if (engine.target.precision !== 'f16') {
      say(`f16: ${engine.info.adapter} has no matrix units for it; f32 is used`)
      return TE.right(engine)
    }
    return pipe(
      TE.fromTask(faultOf(engine, probe)),
      TE.chain(wrong => {
        if (wrong === null) return TE.right(engine)
        say(`f16: the self-test fails (${wrong}); f32 is used`)
        engine.close()
        return plainly
      }),
    )
  }
  return pipe(openEngine(name, moves, options), TE.chain(settled))
}

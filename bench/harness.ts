// What every benchmark does: opens the engine, takes right sides or stops, and compares with a peer's time.
import * as E from 'fp-ts/Either'
import type * as TE from 'fp-ts/TaskEither'
import { moves } from '../kernels/moves.ts'
import { type Fault, showFault } from '../src/core/fault.ts'
import type { Engine } from '../src/device/engine.ts'
import { openEngine } from '../src/device/open.ts'

/** Rounds in which ours and a peer's measurement alternate. */
export const ROUNDS = 3

/** The right side of an effect; a `Left` ends the benchmark with its text. */
export const done = async <A>(effect: TE.TaskEither<Fault, A>): Promise<A> => {
  const result = await effect()
  if (E.isLeft(result)) throw new Error(showFault(result.left))
  return result.right
}

/** Runs `use` on the machine's WebGPU engine, without validation, and closes it. */
export const withEngine = async <A>(use: (engine: Engine) => Promise<A>): Promise<A> => {
  const engine = await done(openEngine('webgpu', moves, { checked: false }))
  try {
    return await use(engine)
  } finally {
    engine.close()
  }
}

/** How many times faster than the peer; null where the peer did not run. */
export const ratio = (peer: number | null, ours: number): number | null =>
  peer === null ? null : peer / ours

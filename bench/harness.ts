// What every benchmark does: opens the engine, takes right sides or stops, and compares with a peer's time.
import * as E from 'fp-ts/Either'
import type * as TE from 'fp-ts/TaskEither'
import { moves } from '../kernels/moves.ts'
import { type Fault, showFault } from '../src/core/fault.ts'
import { productProbe } from '../kernels/product-probe.ts'
import { trace } from '../src/core/trace.ts'
import { showShapeErrors } from '../src/core/value.ts'
import type { Engine, EngineOptions } from '../src/device/engine.ts'
import type { Profile } from '../src/device/profile.ts'
import { openPrecise } from '../src/device/precision.ts'

/** Rounds in which ours and a peer's measurement alternate. */
export const ROUNDS = 3

/** The right side of an effect; a `Left` ends the benchmark with its text. */
export const done = async <A>(effect: TE.TaskEither<Fault, A>): Promise<A> => {
  const result = await effect()
  if (E.isLeft(result)) throw new Error(showFault(result.left))
  return result.right
}

/** How a benchmark opens the engine: as plain as there is where left out. `onProfiles` gets what `profile` recorded. */
export interface Opening extends Omit<EngineOptions, 'checked'> {
  readonly onProfiles?: (profiles: ReadonlyArray<Profile>) => void
}

/** What every benchmark is told. */
export interface BenchOptions {
  readonly peers: boolean
  readonly opening?: Opening
}

/** Runs `use` on the machine's WebGPU engine, without validation, and closes it; f16 that cannot be had is an error. */
export const withEngine = async <A>(
  use: (engine: Engine) => Promise<A>,
  { onProfiles = () => undefined, ...opening }: Opening = {},
): Promise<A> => {
  const probe = trace(productProbe)
  if (E.isLeft(probe)) throw new Error(showShapeErrors(probe.left))
  const said: Array<string> = []
  const options = { ...opening, checked: false }
  const say = (line: string) => said.push(line)
  const engine = await done(openPrecise('webgpu', moves, options, probe.right, say))
  try {
    if (said.length > 0) throw new Error(`not measured as asked: ${said.join('; ')}`)
    const used = await use(engine)
    onProfiles(engine.profiles())
    return used
  } finally {
    engine.close()
  }
}

/** How many times faster than the peer; null where the peer did not run. */
export const ratio = (peer: number | null, ours: number): number | null =>
  peer === null ? null : peer / ours

// Engines for tests: opened once per family and process, with validation and bounds checks on, closed by the last user.
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import type * as TE from 'fp-ts/TaskEither'
import { moves } from '../../kernels/moves.ts'
import type { Family } from '../../src/core/dispatch.ts'
import { type Fault, showFault } from '../../src/core/fault.ts'
import type { Engine } from '../../src/device/engine.ts'
import { openEngine } from '../../src/device/open.ts'

/** The right side, or a thrown error with the left side's text: a test that meets a `Left` here has failed. */
export const right = <L, A>(either: E.Either<L, A>, show: (left: L) => string = String): A =>
  pipe(
    either,
    E.getOrElse((left): A => {
      throw new Error(show(left))
    }),
  )

/** Runs an effect that must not fail. */
export const done = async <A>(effect: TE.TaskEither<Fault, A>): Promise<A> =>
  right(await effect(), showFault)

const opened = new Map<Family | 'native', Promise<Engine | null>>()
let users = 0

const open = async (family?: Family): Promise<Engine | null> => {
  const options = family === undefined ? { checked: true } : { checked: true, family }
  const engine = await openEngine('webgpu', moves, options)()
  return E.isRight(engine) ? engine.right : null
}

const opening = (key: Family | 'native'): Promise<Engine | null> => {
  const known = opened.get(key) ?? open(key === 'native' ? undefined : key)
  opened.set(key, known)
  return known
}

/** The machine's own WebGPU engine, or null where no adapter is found. */
export const nativeEngine = (): Promise<Engine | null> => opening('native')

/** A WebGPU engine of that kernel family; null without an adapter or where the adapter cannot run the family. */
export const engineOf = async (family: Family): Promise<Engine | null> => {
  const native = await nativeEngine()
  return family === native?.info.family
    ? native
    : native === null || family === 'subgroup'
      ? null
      : opening(family)
}

/** Announces a user of the shared engines; the function it gives back closes them when the last user calls it. */
export const useEngines = (): (() => Promise<void>) => {
  users += 1
  return async () => {
    users -= 1
    if (users > 0) return
    for (const engine of await Promise.all(opened.values())) engine?.close()
    opened.clear()
  }
}

// What `collapse doctor` does.
import * as TE from 'fp-ts/TaskEither'
import { pipe } from 'fp-ts/function'
import type { Run } from '../run.ts'

/** Prints the engine. */
export const runDoctor: Run<unknown> = (_flags, session) =>
  pipe(
    session.withEngine(engine => TE.right(engine.info)),
    TE.map(info => {
      session.print(JSON.stringify(info))
      return 'done' as const
    }),
  )

// What `--profile FILE` does once a command's work on the engine is done: a table of its ops, and a Chrome trace.
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import { type Fault, fault } from '../src/core/fault.ts'
import { writeAtomic } from '../src/data/atomic-file.ts'
import type { Profile } from '../src/device/profile.ts'
import { chromeTrace, formatProfiles } from '../src/report/profile.ts'

/** Writes the trace, and gives the table of where the time went; a fault where no program ran twice. */
export const saveProfiles = (
  profiles: ReadonlyArray<Profile>,
  file: string,
): TE.TaskEither<Fault, string> =>
  profiles.length === 0
    ? TE.left(
        fault(
          'nothing to profile: no program ran twice',
          '--profile',
          'give more data than one batch',
        ),
      )
    : pipe(
        writeAtomic(file, chromeTrace(profiles)),
        TE.map(() => `${formatProfiles(profiles)}\n\ntrace: ${file}`),
      )

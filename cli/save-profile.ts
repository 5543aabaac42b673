// What `--profile FILE` does once a command's work on the engine is done: a table of its ops, and a Chrome trace.
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import { type Fault, fault } from '../src/core/fault.ts'
import { writeAtomic } from '../src/data/atomic-file.ts'
import type { Engine } from '../src/device/engine.ts'
import { chromeTrace, formatProfiles } from '../src/report/profile.ts'

/** Says where the time went and writes the trace; a fault where no program ran twice. */
export const saveProfiles = (
  engine: Engine,
  file: string,
  print: (text: string) => void,
): TE.TaskEither<Fault, void> => {
  const profiles = engine.profiles()
  return profiles.length === 0
    ? TE.left(
        fault(
          engine.info.engine === 'cpu'
            ? 'the cpu engine makes no profile'
            : 'nothing to profile: no program ran twice',
          '--profile',
          engine.info.engine === 'cpu' ? 'use --device webgpu' : 'give more data than one batch',
        ),
      )
    : pipe(
        writeAtomic(file, chromeTrace(profiles)),
        TE.map(() => print(`${formatProfiles(profiles)}\n\ntrace: ${file}`)),
      )
}

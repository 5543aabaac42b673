// The folder that a command leaves: result.json and index.html, each written whole or not at all.
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import { type Fault, failure, fault } from '../src/core/fault.ts'
import { writeAtomic } from '../src/data/atomic-file.ts'

const reasons: Readonly<Record<string, string>> = {
  EEXIST: 'is a file',
  ENOTDIR: 'lies below a file',
  EACCES: 'may not be written',
  EROFS: 'lies on a disk that is read only',
}

const reasonOf = (error: unknown): string => {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return reasons[code] ?? `cannot be made: ${String(error)}`
}

/** Makes the folder of a report, and those above it. */
export const makeReportFolder = (folder: string): TE.TaskEither<Fault, unknown> =>
  TE.tryCatch(
    () => mkdir(folder, { recursive: true }),
    error => fault(reasonOf(error), `folder ${folder}`, 'choose another --out'),
  )

/** Makes the folder, draws the page into it, writes the result beside, and gives the page's path. */
export const saveReport = (
  folder: string,
  draw: () => Promise<string>,
  result: unknown,
): TE.TaskEither<Fault, string> => {
  const page = join(folder, 'index.html')
  return pipe(
    makeReportFolder(folder),
    TE.chain(() =>
      TE.tryCatch(draw, e =>
        failure(`the page could not be drawn: ${String(e)}`, page, 'report this'),
      ),
    ),
    TE.chain(html => writeAtomic(page, html)),
    TE.chain(() =>
      writeAtomic(join(folder, 'result.json'), `${JSON.stringify(result, null, 1)}\n`),
    ),
    TE.map(() => page),
  )
}

/** A command line as a shell takes it: arguments with other signs than letters, digits and `-_./:=,@` in quotes. */
export const commandLine = (args: ReadonlyArray<string>): string =>
  args
    .map(arg => (/^[\w./:=,@-]+$/.test(arg) ? arg : `'${arg.replaceAll("'", "'\\''")}'`))
    .join(' ')

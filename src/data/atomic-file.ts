// Writes a file whole or not at all: to a temporary name in its folder, synced, then renamed.
import { open, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import * as TE from 'fp-ts/TaskEither'
import { type Fault, fault } from '../core/fault.ts'

let written = 0

/** Writes `bytes` (or text, as UTF-8) to `path`, replacing what is there; a reader sees the old
 * file or the whole new one. Left where the folder is missing or cannot be written. */
export const writeAtomic = (
  path: string,
  bytes: Uint8Array | string,
): TE.TaskEither<Fault, void> => {
  written += 1
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.${written}.tmp`)
  const write = async (): Promise<void> => {
    const file = await open(temporary, 'wx')
    try {
      await file.writeFile(bytes)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(temporary, path)
  }
  return TE.tryCatch(
    () =>
      write().catch(async reason => {
        await rm(temporary, { force: true })
        throw reason
      }),
    reason =>
      fault(
        `cannot write the file (${reason instanceof Error ? reason.message : reason})`,
        path,
        'check that the folder exists and may be written',
      ),
  )
}

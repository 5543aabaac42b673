// Files without a name: room on disk for one process, given back however the process ends.
import { openSync } from 'node:fs'
import { join } from 'node:path'
import { closeFile, removeFile } from './feature-source-bytes.ts'

/** An open file that no other process can find; `close` gives its room back. */
export interface UnnamedFile {
  readonly fd: number
  readonly close: () => void
}

let made = 0

/** Makes a new file in a folder, readable by this user alone, and removes its name at once, so that nothing stays even
 * where the process is killed. Where the system forbids that (Windows), `close` removes it. Throws as the file system does. */
export const unnamedFile = (folder: string): UnnamedFile => {
  made += 1
  const path = join(folder, `collapse-${process.pid}-${Date.now()}-${made}.tmp`)
  const fd = openSync(path, 'wx+', 0o600)
  const close = (): void => closeFile({ fd })
  try {
    removeFile(path)
    return { fd, close }
  } catch {
    return {
      fd,
      close: () => {
        close()
        removeFile(path)
      },
    }
  }
}

// Keeps lines of no use that native code writes to stderr, past `process.stderr`, from the user.
import { dlopen } from 'bun:ffi'
import { closeSync, openSync, readFileSync, unlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Dawn says at every start that two limits which nobody asked for are not those of the driver. */
const useless = /^Warning: maxDynamic\w+ artificially reduced/

const STDERR = 2

/** stderr's own descriptor, kept under another number, and a file in its place; `back` undoes it and gives what the file got. */
interface Detour {
  readonly back: () => string
}

/** None where the system has no such functions, as Windows, or no file can be made. */
const detour = (): Detour | null => {
  try {
    const name = process.platform === 'darwin' ? 'libSystem.B.dylib' : 'libc.so.6'
    const { dup, dup2 } = dlopen(name, {
      dup: { args: ['int'], returns: 'int' },
      dup2: { args: ['int', 'int'], returns: 'int' },
    }).symbols
    const path = join(tmpdir(), `collapse-stderr-${process.pid}-${performance.now()}`)
    const kept = dup(STDERR)
    if (kept < 0) return null
    const file = openSync(path, 'wx', 0o600)
    dup2(file, STDERR)
    return {
      back: () => {
        dup2(kept, STDERR)
        closeSync(kept)
        closeSync(file)
        const text = readFileSync(path, 'utf8')
        unlinkSync(path)
        return text
      },
    }
  } catch {
    return null
  }
}

const useful = (text: string): string =>
  text
    .split(/(?<=\n)/)
    .filter(line => !useless.test(line))
    .join('')

/** What `call` returns; what it writes to stderr meanwhile follows when it is done, without those lines. */
export const withoutUselessLines = <A>(call: () => A): A => {
  const way = detour()
  try {
    return call()
  } finally {
    const text = way?.back() ?? ''
    process.stderr.write(useful(text))
  }
}

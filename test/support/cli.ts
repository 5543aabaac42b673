// The command line in tests: real processes in a folder of their own.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'

/** How a process ended and what it wrote. */
export interface Ended {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** A process under way; `said` resolves once stderr holds the text. */
export interface Started {
  readonly signal: (name: 'SIGINT' | 'SIGTERM') => void
  readonly said: (text: string) => Promise<void>
  readonly ended: Promise<Ended>
}

const main = join(import.meta.dir, '..', '..', 'cli', 'main.ts')

/** A folder in which to run commands; `remove` it at the end. */
export const workplace = (): {
  readonly path: string
  readonly remove: () => void
  readonly start: (...args: ReadonlyArray<string>) => Started
  readonly run: (...args: ReadonlyArray<string>) => Promise<Ended>
} => {
  const path = mkdtempSync(join(tmpdir(), 'collapse-test-'))
  const start = (...args: ReadonlyArray<string>): Started => {
    const child = Bun.spawn([process.execPath, main, ...args], {
      cwd: path,
      stdout: 'pipe',
      stderr: 'pipe',
    })
    let stderr = ''
    let listeners: ReadonlyArray<() => void> = []
    const reading = (async () => {
      const decoder = new TextDecoder()
      for await (const chunk of child.stderr) {
        stderr += decoder.decode(chunk, { stream: true })
        for (const listener of listeners) listener()
      }
    })()
    return {
      signal: name => child.kill(name),
      said: text =>
        new Promise((resolve, reject) => {
          const listener = () => {
            if (stderr.includes(text)) resolve()
          }
          listeners = [...listeners, listener]
          listener()
          child.exited.then(code => reject(new Error(`ended with ${code}: ${stderr}`)))
        }),
      ended: (async () => {
        const stdout = await new Response(child.stdout).text()
        await reading
        return { code: await child.exited, stdout, stderr }
      })(),
    }
  }
  return {
    path,
    remove: () => rmSync(path, { recursive: true }),
    start,
    run: (...args) => start(...args).ended,
  }
}

/** The lines that were written. */
export const linesOf = (stderr: string): ReadonlyArray<string> =>
  stderr.split('\n').filter(line => line !== '')

/** Bad input: exit 2, one line on stderr that matches, nothing on stdout, no file made in `path`. */
export const assertRefused = (
  { code, stdout, stderr }: Ended,
  said: RegExp,
  path: string,
  before: ReadonlyArray<string>,
): void => {
  const lines = linesOf(stderr)
  assert.is(lines.length, 1, stderr)
  assert.match(lines[0] ?? '', said)
  assert.is(code, 2)
  assert.is(stdout, '')
  assert.equal(readdirSync(path).sort(), [...before].sort())
}

// Peers in Python: runs a script of bench/peers with Debian's python3 and decodes the JSON line that it prints.
import { join } from 'node:path'

/** The interpreter that Debian's packages (python3-torch, python3-scipy) install for. */
export const PYTHON = process.env.COLLAPSE_PYTHON ?? '/usr/bin/python3'

/** The JSON object on the last line of a script's output. */
export const parseLine = (text: string): Readonly<Record<string, unknown>> | null => {
  try {
    const parsed: unknown = JSON.parse(text.trim().split('\n').at(-1) ?? '')
    return typeof parsed === 'object' && parsed !== null ? { ...parsed } : null
  } catch {
    return null
  }
}

/** The script's JSON object, or null where the interpreter or a module is missing. */
export const runPython = async (
  script: string,
  ...args: ReadonlyArray<string | number>
): Promise<Readonly<Record<string, unknown>> | null> => {
  const path = join(import.meta.dir, 'peers', script)
  try {
    const child = Bun.spawn([PYTHON, path, ...args.map(String)], {
      stdout: 'pipe',
      stderr: 'ignore',
    })
    return parseLine(await new Response(child.stdout).text())
  } catch {
    return null
  }
}

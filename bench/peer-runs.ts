// Peers: runs a script of bench/peers, with Debian's python3 or with Bun, and decodes the JSON line that it prints.
import { existsSync } from 'node:fs'
import { join } from 'node:path'

const folder = join(import.meta.dir, 'peers')

/** The JavaScript peers, by the argument that their scripts take. */
export const scriptPeers = ['tfjs-wasm', 'jax-wasm', 'tfjs-webgpu', 'jax-webgpu'] as const

/** Seconds after which a JavaScript peer is stopped; it then counts as not run. */
export const PATIENCE = 60

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
  const path = join(folder, script)
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

/** Installs the JavaScript peers from their own lock file at their first use; false where that fails. */
export const installPeers = async (): Promise<boolean> => {
  if (existsSync(join(folder, 'node_modules'))) return true
  const options = { cwd: folder, stdout: 'ignore', stderr: 'ignore' } as const
  return (await Bun.spawn(['npm', 'ci', '--ignore-scripts'], options).exited) === 0
}

/** The JSON object of a JavaScript peer's script, or null where it fails or takes more than `limit` seconds. */
export const runScript = async (
  script: string,
  limit: number,
  ...args: ReadonlyArray<string | number>
): Promise<Readonly<Record<string, unknown>> | null> => {
  const argv = [process.execPath, join(folder, script), ...args.map(String)]
  const child = Bun.spawn(argv, { stdout: 'pipe', stderr: 'ignore', timeout: 1000 * limit })
  return parseLine(await new Response(child.stdout).text())
}

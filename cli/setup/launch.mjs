// Runs one of this package's programs under its own Bun and hands back the exit status.
import { spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { constants, tmpdir } from 'node:os'
import { join } from 'node:path'
import { bunPath, root } from './paths.mjs'

/**
 * The environment of a child process, with XDG_RUNTIME_DIR set: Vulkan loaders warn without it.
 * @returns {NodeJS.ProcessEnv}
 */
export const runtimeEnv = () => {
  if (process.env.XDG_RUNTIME_DIR || process.platform !== 'linux') return process.env
  const dir = join(tmpdir(), `collapse-runtime-${process.getuid?.() ?? 0}`)
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 })
  } catch {
    return process.env
  }
  return { ...process.env, XDG_RUNTIME_DIR: dir }
}

/**
 * Runs `bun PROGRAM ARGS` on our own terminal; the program's path is relative to the package. Bun must not fetch packages
 * that a plugin names: a stranger's may have that name.
 * On a terminal Ctrl-C reaches the program by itself, other signals are passed on. Resolves to its
 * exit status, 128 + n after signal n.
 * @param {string} program
 * @param {readonly string[]} args
 * @returns {Promise<number>}
 */
export const launch = (program, args) =>
  new Promise(resolve => {
    const child = spawn(bunPath(), ['--no-install', join(root, program), ...args], {
      stdio: 'inherit',
      env: runtimeEnv(),
    })
    process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'))
    for (const signal of /** @type {const} */ (['SIGTERM', 'SIGHUP'])) {
      process.on(signal, () => child.kill(signal))
    }
    child.on('error', error => {
      console.error(`collapse: cannot start Bun (${error.message}); run npm ci and try again`)
      resolve(1)
    })
    child.on('exit', (code, signal) => {
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]))
    })
  })

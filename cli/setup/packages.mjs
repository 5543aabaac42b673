// Installs the npm packages by the lock file and makes Bun's executable ready.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { bunFolder, bunPath, root } from './paths.mjs'

/**
 * A package in npm's lock files.
 * @typedef {{ version?: string, integrity?: string, optional?: boolean, devOptional?: boolean, peer?: boolean }} Locked
 */

/**
 * The `packages` table of a lock file without the project itself; empty where there is none.
 * @param {string} path
 * @returns {Record<string, Locked>}
 */
const readLock = path => {
  try {
    const { '': _project, ...packages } = JSON.parse(readFileSync(path, 'utf8')).packages
    return packages
  } catch {
    return {}
  }
}

/**
 * Whether npm's record of what it installed is what the lock file asks for; packages for other
 * systems may be absent.
 * @param {Record<string, Locked>} wanted
 * @param {Record<string, Locked>} installed
 * @returns {boolean}
 */
export const isInstalled = (wanted, installed) => {
  const satisfied = Object.entries(wanted).every(([path, want]) => {
    const have = installed[path]
    if (have === undefined) return Boolean(want.optional || want.devOptional || want.peer)
    return have.version === want.version && have.integrity === want.integrity
  })
  return satisfied && Object.keys(installed).every(path => path in wanted)
}

/**
 * Runs npm with its output on stderr; scripts of packages are not run, so that npm 10 and 11 do
 * the same.
 * @returns {boolean}
 */
const npmCi = () => {
  const args = ['ci', '--ignore-scripts', '--include=dev', '--include=optional']
  const npm = process.env.npm_execpath
  const [command, ...rest] = npm?.endsWith('.js')
    ? [process.execPath, npm, ...args]
    : ['npm', ...args]
  const shell = command === 'npm' && process.platform === 'win32'
  const run = spawnSync(command, rest, { cwd: root, stdio: ['ignore', 2, 2], shell })
  return run.status === 0
}

/** Bun's version by running it, or undefined where it does not run. */
const bunVersion = () => {
  const run = spawnSync(bunPath(), ['--version'], { encoding: 'utf8' })
  return run.status === 0 ? run.stdout.trim() : undefined
}

/**
 * Puts Bun's executable in place where its own install script was not allowed to.
 * @returns {boolean}
 */
const finishBun = () => {
  const { version } = JSON.parse(readFileSync(join(bunFolder(), 'package.json'), 'utf8'))
  if (bunVersion() === version) return true
  spawnSync(process.execPath, ['install.js'], { cwd: bunFolder(), stdio: ['ignore', 2, 2] })
  return bunVersion() === version
}

/**
 * Brings node_modules to the lock file's state: nothing is run when it already is. False, after a
 * line on stderr, when npm or Bun fails. A package inside another project is left as npm laid it.
 * @param {(line: string) => void} say
 * @returns {boolean}
 */
export const installPackages = say => {
  const lock = join(root, 'package-lock.json')
  const record = join(root, 'node_modules', '.package-lock.json')
  if (existsSync(lock) && !isInstalled(readLock(lock), readLock(record))) {
    say('installing the packages of package-lock.json, Bun among them (npm ci)')
    if (!npmCi()) {
      say('npm ci failed, see above; mend that and run the same command again')
      return false
    }
  }
  if (finishBun()) return true
  say('Bun does not run; remove node_modules and run the same command again')
  return false
}

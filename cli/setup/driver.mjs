// Installs Mesa's software Vulkan driver where Dawn finds no adapter, on Debian and Ubuntu as root.
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { backportsSource, parseList, parseSources } from './apt-sources.mjs'
import { runtimeEnv } from './launch.mjs'
import { bunPath, root } from './paths.mjs'

const ownSource = '/etc/apt/sources.list.d/collapse-backports.sources'
const packages = ['mesa-vulkan-drivers', 'libvulkan1']

/** @param {string} path */
const read = path => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

/**
 * The name of the adapter that Dawn finds in a process of its own; undefined where it finds none,
 * where the Vulkan loader is missing, and where the driver crashes.
 * @returns {string | undefined}
 */
export const probeAdapter = () => {
  const probe = join(root, 'cli', 'setup', 'probe.ts')
  const run = spawnSync(bunPath(), [probe], {
    encoding: 'utf8',
    env: runtimeEnv(),
    timeout: 60_000,
  })
  return run.status === 0 ? run.stdout.trim() || 'unnamed adapter' : undefined
}

/**
 * What apt should install here: the release to take Mesa >= 24 from (`''` the default one), or why
 * set-up installs nothing.
 * @param {Record<string, string>} osRelease
 * @returns {{ readonly release: string } | { readonly refused: string }}
 */
export const mesaRelease = osRelease => {
  const { ID = '', VERSION_ID = '', VERSION_CODENAME = '' } = osRelease
  const version = VERSION_ID === '' ? Number.POSITIVE_INFINITY : Number(VERSION_ID)
  if (ID === 'debian' && version === 12) return { release: `${VERSION_CODENAME}-backports` }
  if ((ID === 'debian' && version >= 13) || (ID === 'ubuntu' && version >= 24.04)) {
    return { release: '' }
  }
  return {
    refused: 'it is installed by itself on Debian 12 or newer and Ubuntu 24.04 or newer only',
  }
}

/**
 * The variables of /etc/os-release.
 * @param {string} text
 * @returns {Record<string, string>}
 */
export const parseOsRelease = text =>
  Object.fromEntries(
    [...text.matchAll(/^([A-Z_]+)=["']?([^"'\n]*)["']?$/gm)].map(match => [match[1], match[2]]),
  )

/** All binary archives of the system's apt. */
const aptSources = () => {
  const folder = '/etc/apt/sources.list.d'
  /** @type {string[]} */
  let names = []
  try {
    names = readdirSync(folder)
  } catch {}
  /** @param {string} ending */
  const texts = ending =>
    names.filter(name => name.endsWith(ending)).map(name => read(join(folder, name)))
  return [
    ...[read('/etc/apt/sources.list'), ...texts('.list')].flatMap(parseList),
    ...texts('.sources').flatMap(parseSources),
  ]
}

/**
 * Runs apt-get quietly; its last error line where it failed.
 * @param {readonly string[]} args
 * @returns {string | undefined}
 */
const aptGet = args => {
  const run = spawnSync('apt-get', ['-o', 'DPkg::Lock::Timeout=120', ...args], {
    encoding: 'utf8',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C.UTF-8' },
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 1 << 26,
  })
  if (run.status === 0) return undefined
  return run.stderr?.split('\n').findLast(line => line.startsWith('E:')) ?? 'apt-get failed'
}

/**
 * Updates apt's lists and installs Mesa from a release; our own source is taken back on failure.
 * @param {string} release
 * @returns {string | undefined} why it failed
 */
const installMesa = release => {
  const source = release.endsWith('-backports')
    ? backportsSource(aptSources(), release.replace('-backports', ''))
    : undefined
  if (source !== undefined) writeFileSync(ownSource, source)
  const outdated = aptGet(['update', '-q'])
  const target = release === '' ? [] : ['-t', release]
  const failed = aptGet(['install', '-y', '-q', '--no-install-recommends', ...target, ...packages])
  if (failed !== undefined && source !== undefined) rmSync(ownSource, { force: true })
  return failed === undefined ? undefined : (outdated ?? failed)
}

/**
 * Makes an adapter available where that needs only packages; undefined when it did, else why not.
 * @param {(line: string) => void} say
 * @returns {string | undefined}
 */
export const installDriver = say => {
  const plan = mesaRelease(parseOsRelease(read('/etc/os-release')))
  if (process.platform !== 'linux' || 'refused' in plan) {
    return 'refused' in plan ? plan.refused : 'the system is not Linux'
  }
  if (spawnSync('apt-get', ['--version'], { stdio: 'ignore' }).status !== 0)
    return 'apt-get is missing'
  if (process.getuid?.() !== 0) return 'installing it needs root'
  const from = plan.release === '' ? '' : ` from ${plan.release}`
  say(`no GPU driver found: installing a software Vulkan driver (${packages.join(', ')}${from})`)
  return installMesa(plan.release)
}

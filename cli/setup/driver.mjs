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
 * Runs apt-get quietly, with its first error or failed download in one line.
 * @param {readonly string[]} args
 */
const aptGet = args => {
  const run = spawnSync('apt-get', ['-q', '-o', 'DPkg::Lock::Timeout=120', ...args], {
    encoding: 'utf8',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C.UTF-8' },
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 1 << 26,
  })
  const complaint = run.stderr?.split('\n').find(line => /^(E: |W: Failed to fetch)/.test(line))
  return { done: run.status === 0, complaint: complaint?.slice(3) }
}

/** The release to install Mesa from (`''` the default one), or why set-up leaves it to the user. */
export const driverPlan = () => {
  if (process.platform !== 'linux') return { refused: 'set-up installs drivers on Linux only' }
  const plan = mesaRelease(parseOsRelease(read('/etc/os-release')))
  if ('refused' in plan) return plan
  if (process.getuid?.() !== 0) return { refused: 'installing a driver needs root' }
  const apt = spawnSync('apt-get', ['--version'], { stdio: 'ignore' })
  return apt.status === 0 ? plan : { refused: 'apt-get is missing' }
}

/**
 * Updates apt's lists and installs Mesa from a release; our own source is taken back on failure.
 * @param {string} release
 * @param {(line: string) => void} say
 * @returns {string | undefined} why it failed
 */
export const installDriver = (release, say) => {
  const from = release === '' ? '' : ` from ${release}`
  say(`no GPU driver found: installing a software Vulkan driver (${packages.join(', ')}${from})`)
  const source = release.endsWith('-backports')
    ? backportsSource(aptSources(), release.replace('-backports', ''))
    : undefined
  if (source !== undefined) writeFileSync(ownSource, source)
  const update = aptGet(['update'])
  const target = release === '' ? [] : ['-t', release]
  const install = aptGet(['install', '-y', '--no-install-recommends', ...target, ...packages])
  if (install.done) return undefined
  if (source !== undefined) rmSync(ownSource, { force: true })
  return update.complaint ?? install.complaint ?? 'apt-get failed'
}

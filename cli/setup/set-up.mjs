// Set-up as a whole: packages, Bun, and a Vulkan driver; what was done is noted, and not done again.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { driverPlan, installDriver, probeAdapter } from './driver.mjs'
import { installPackages } from './packages.mjs'
import { notesPath } from './paths.mjs'

/** @param {string} line */
const say = line => console.error(`collapse set-up: ${line}`)

/**
 * The notes of an earlier set-up; empty where there was none.
 * @returns {{ adapter?: string, failed?: string }}
 */
const readNotes = () => {
  try {
    return JSON.parse(readFileSync(notesPath, 'utf8'))
  } catch {
    return {}
  }
}

/**
 * Keeps the notes for the next run; they are a saving of time, so a read-only folder is no failure.
 * @param {{ adapter?: string, failed?: string }} notes
 */
const writeNotes = notes => {
  try {
    mkdirSync(dirname(notesPath), { recursive: true })
    writeFileSync(notesPath, JSON.stringify(notes))
  } catch {}
}

/** @param {string} why */
const sayCpu = why => {
  say(`no WebGPU adapter, going on with the slower cpu engine (${why})`)
  say(
    'faster: a GPU with a Vulkan driver, or Mesa 24+ (mesa-vulkan-drivers, libvulkan1) for the CPU',
  )
}

/** Looks for an adapter, and installs a software driver where there is none; never fails. */
const setUpDriver = () => {
  const notes = readNotes()
  if (notes.adapter !== undefined) return
  const found = probeAdapter()
  if (found !== undefined) return writeNotes({ adapter: found })
  if (notes.failed !== undefined && process.env.COLLAPSE_SETUP !== 'retry') {
    return sayCpu(`${notes.failed}; COLLAPSE_SETUP=retry npm start tries again`)
  }
  const plan = driverPlan()
  if ('refused' in plan) return sayCpu(plan.refused)
  const why = installDriver(plan.release, say)
  const adapter = why === undefined ? probeAdapter() : undefined
  if (adapter !== undefined) {
    say(`found ${adapter}`)
    return writeNotes({ adapter })
  }
  const failed = why ?? 'the software Vulkan driver is installed but gives no adapter'
  writeNotes({ failed })
  sayCpu(failed)
}

/**
 * Makes this machine ready to run collapse; false when the packages could not be installed. With
 * COLLAPSE_SETUP=none nothing is installed or looked for, with `retry` a failed driver is tried again.
 * @returns {boolean}
 */
export const setUp = () => {
  if (process.env.COLLAPSE_SETUP === 'none') return true
  if (!installPackages(say)) return false
  setUpDriver()
  return true
}

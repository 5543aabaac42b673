// One process of the test runner: started in a process group of its own, limited in time.
import { spawn } from 'node:child_process'
import type { Totals } from './totals.ts'

/** A command to run, its limit in seconds, and how its output is counted. */
export interface Job {
  readonly name: string
  readonly command: readonly [string, ...ReadonlyArray<string>]
  readonly timeout: number
  readonly serial: boolean
  readonly count: (output: string, exit: number) => Totals
}

/** What came of a job: its totals, its output (both streams as they came) and its seconds. */
export interface Outcome extends Totals {
  readonly name: string
  readonly output: string
  readonly seconds: number
}

const running = new Set<number>()

const killGroup = (pid: number): void => {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    running.delete(pid)
  }
}

/** Kills the jobs that are running, with everything they started. */
export const stopJobs = (): void => running.forEach(killGroup)

/** Runs a job to its end or its time limit; never rejects. */
export const runJob = (job: Job, cwd: string): Promise<Outcome> =>
  new Promise(resolve => {
    const begin = performance.now()
    const [command, ...args] = job.command
    const env = { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0' }
    const child = spawn(command, args, {
      cwd,
      env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const chunks: Buffer[] = []
    const end = (code: number, note: string): void => {
      clearTimeout(timer)
      const output = Buffer.concat(chunks).toString() + note
      const seconds = (performance.now() - begin) / 1000
      resolve({ name: job.name, output, seconds, ...job.count(output, code) })
    }
    const timer = setTimeout(() => {
      chunks.push(Buffer.from(`\nstopped after its limit of ${job.timeout} s\n`))
      if (child.pid !== undefined) killGroup(child.pid)
    }, job.timeout * 1000)
    if (child.pid !== undefined) running.add(child.pid)
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
    }
    child.on('error', error => end(1, error.message))
    child.on('close', (code, signal) => {
      if (child.pid !== undefined) running.delete(child.pid)
      end(code ?? 1, signal === null ? '' : `\nended by ${signal}\n`)
    })
  })

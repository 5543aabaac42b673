// Runs every test file in a process of its own, then the type check and the lint, and closes with
// `N passed, N failed`. `bun test/run.ts PATTERN...` runs only what has a PATTERN in its name.
// A file's first lines may say `// timeout: SECONDS` and `// serial` (nothing runs beside it).
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { Glob } from 'bun'
import { type Job, type Outcome, runJob, stopJobs } from './runner/job.ts'
import { readMarks, readTotals } from './runner/totals.ts'

const root = join(import.meta.dir, '..')
const defaultTimeout = 120

const check = (name: string, ...command: Job['command']): Job => ({
  name,
  command: [join(root, 'node_modules', '.bin', command[0]), ...command.slice(1)],
  timeout: defaultTimeout,
  serial: false,
  count: (_output, exit) => ({
    passed: exit === 0 ? 1 : 0,
    failed: exit === 0 ? 0 : 1,
    skipped: 0,
  }),
})

const testFile = async (name: string): Promise<Job> => ({
  name,
  command: [process.execPath, '--preload', './test/runner/seed.ts', name],
  ...readMarks(await Bun.file(join(root, name)).text(), defaultTimeout),
  count: readTotals,
})

const findJobs = async (patterns: ReadonlyArray<string>): Promise<ReadonlyArray<Job>> => {
  const names = (await Array.fromAsync(new Glob('test/**/*.test.ts').scan(root))).sort()
  const jobs = [
    check('types (tsc)', 'tsc', '-p', '.'),
    check('lint (biome)', 'biome', 'check', '--error-on-warnings', '.'),
    ...(await Promise.all(names.map(testFile))),
  ]
  return jobs.filter(job => patterns.length === 0 || patterns.some(part => job.name.includes(part)))
}

const report = (outcome: Outcome): Outcome => {
  const { name, passed, failed, skipped, seconds } = outcome
  const tests = `${passed} passed${failed > 0 ? `, ${failed} FAILED` : ''}`
  const rest = `${skipped > 0 ? `, ${skipped} skipped` : ''}, ${seconds.toFixed(1)} s`
  console.log(`${failed > 0 ? 'x' : '.'} ${name}: ${tests}${rest}`)
  return outcome
}

const runAll = async (jobs: ReadonlyArray<Job>, width: number): Promise<ReadonlyArray<Outcome>> => {
  const queue = [...jobs]
  const done: Outcome[] = []
  const worker = async (): Promise<void> => {
    for (let job = queue.shift(); job !== undefined; job = queue.shift()) {
      done.push(report(await runJob(job, root)))
    }
  }
  await Promise.all(Array.from({ length: width }, worker))
  return done
}

for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  process.on(signal, () => {
    stopJobs()
    process.exit(code)
  })
}

const jobs = await findJobs(process.argv.slice(2))
const outcomes = [
  ...(await runAll(
    jobs.filter(job => !job.serial),
    Math.min(2, availableParallelism()),
  )),
  ...(await runAll(
    jobs.filter(job => job.serial),
    1,
  )),
]
for (const { name, output } of outcomes.filter(outcome => outcome.failed > 0)) {
  console.log(`\n---- ${name}\n${output.trimEnd()}`)
}
const total = (key: 'passed' | 'failed' | 'skipped'): number =>
  outcomes.reduce((sum, outcome) => sum + outcome[key], 0)
const skipped = total('skipped') > 0 ? `, ${total('skipped')} skipped` : ''
console.log(`\n${total('passed')} passed, ${total('failed')} failed${skipped}`)
process.exitCode = total('failed') > 0 || outcomes.length === 0 ? 1 : 0

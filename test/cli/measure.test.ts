// `collapse measure`: one JSON document, a table for people, one line and exit 2 for bad input.
import { Command } from 'commander'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { registerMeasure } from '../../cli/measure.ts'
import { measure, metricNames } from '../../src/collapse/measure.ts'
import { right } from '../support/either.ts'
import { arraysOfSample, makeFolder } from '../support/feature-files.ts'
import { goldenSample, goldens } from '../support/golden-features.ts'

const test = suite('collapse measure')

const folder = makeFolder()
test.after(folder.remove)

const sample = goldenSample([5, 5, 5, 5])
const file = folder.safetensors('golden.safetensors', arraysOfSample(sample))

interface Ran {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

const run = async (...argv: ReadonlyArray<string>): Promise<Ran> => {
  const [out, err]: [Array<string>, Array<string>] = [[], []]
  let code = -1
  const program = new Command().exitOverride()
  registerMeasure(program, {
    stdout: text => out.push(text),
    stderr: text => err.push(text),
    terminal: null,
    end: ended => {
      code = ended
    },
  })
  await program.parseAsync(['measure', ...argv], { from: 'user' })
  return { code, stdout: out.join(''), stderr: err.join('') }
}

test('prints one JSON document with exactly the documented keys', async () => {
  const { code, stdout, stderr } = await run('--features', file, '--json')
  assert.is(code, 0)
  assert.is(stderr, '')
  const report = JSON.parse(stdout)
  assert.equal(Object.keys(report), [...metricNames, 'n', 'd', 'classes', 'perClass', 'rank'])
  assert.equal(report, right(measure(sample.features, sample.labels)))
})

test('prints a table with a line for each metric', async () => {
  const { code, stdout } = await run('--features', file)
  assert.is(code, 0)
  for (const name of metricNames) assert.match(stdout, new RegExp(`^${name} `, 'm'))
  assert.match(stdout, /20 features of width 6, 4 classes of 5 samples each/)
  assert.match(stdout, /^nc1 +0\.0186306 /m)
  assert.match(stdout, /selfDuality +- .*needs an array weight/)
})

test('computes the metrics that are asked for, under the convention that is named', async () => {
  const golden = goldens[2]
  const at = folder.npz('u.npz', arraysOfSample(goldenSample([3, 5, 7, 9])))
  const { stdout } = await run(
    '--features',
    at,
    '--only',
    'nc1, traceB',
    '--convention',
    'zhu',
    '--json',
  )
  const report = JSON.parse(stdout)
  assert.ok(Math.abs(report.nc1 - (golden?.nc1 ?? 0)) < 1e-8)
  assert.is(report.cdnv, null)
  const centred = JSON.parse((await run('--features', at, '--rank', 'centred', '--json')).stdout)
  assert.ok(Math.abs(centred.numericalRank - (golden?.rankCentred ?? 0)) < 1e-8)
})

const refusals: ReadonlyArray<readonly [ReadonlyArray<string>, RegExp]> = [
  [[], /--features: nothing given; give the path of a file/],
  [['--features', folder.path('none.npy')], /none\.npy: cannot read the file: no such file/],
  [['--features', file, '--only', 'nc1,nc5'], /--only: unknown metric 'nc5'/],
  [['--features', file, '--convention', 'mine'], /--convention: .*one of paper, papyan/],
  [['--features', file, '--threads', '0'], /--threads: .*whole number from 1/],
]

for (const [argv, line] of refusals) {
  test(`says in one line what is wrong with: ${argv.join(' ').replace(/\S*\//g, '')}`, async () => {
    const { code, stdout, stderr } = await run(...argv)
    assert.is(code, 2)
    assert.is(stdout, '')
    assert.match(stderr, line)
    assert.is(stderr.trimEnd().split('\n').length, 1)
  })
}

test.run()

// Training runs as processes: folders, the same bytes again, Ctrl-C and going on.
// timeout: 180
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { assertRefused, linesOf, workplace } from '../../support/cli.ts'

const place = workplace()
const files = (): ReadonlyArray<string> => readdirSync(place.path)

const runs = suite('collapse train')
const EPOCHS = 30
const small = ['--depth', '3', '--width', '16', '--data', 'mnist?classes=0-2&perClass=20']
const plan = [
  ...small,
  '--batch',
  '16',
  '--epochs',
  `${EPOCHS}`,
  '--measure-every',
  '10',
  '--device',
  'cpu',
]
const read = (...parts: ReadonlyArray<string>): string =>
  readFileSync(join(place.path, ...parts), 'utf8')
const epochsOf = (dir: string): ReadonlyArray<number> =>
  read(dir, 'metrics.jsonl')
    .trim()
    .split('\n')
    .map(line => JSON.parse(line).epoch)
const every = Array.from({ length: EPOCHS }, (_, i) => i + 1)

runs('makes a run folder and prints its result', async () => {
  const { code, stdout, stderr } = await place.run('train', ...plan, '--out', 'whole', '--json')
  assert.is(code, 0, stderr)
  assert.is(stdout, read('whole', 'result.json'))
  assert.equal(readdirSync(join(place.path, 'whole')).sort(), [
    'checkpoint.safetensors',
    'config.json',
    'metrics.jsonl',
    'result.json',
  ])
  const result = JSON.parse(stdout)
  assert.equal(result.layers, ['layers.0', 'layers.1'])
  assert.is(result.trainSamples, 60)
  assert.ok(result.testAccuracy > 0.5, stdout)
  assert.equal(
    result.measured.map((m: { epoch: number }) => m.epoch),
    [10, 20, 30],
  )
  assert.equal(epochsOf('whole'), every)
  assert.match(
    stderr,
    /^epoch 30\/30: lr .*, loss .*, train .* %, test .* %, nc1 .*, \d+ images\/s$/m,
  )
})

runs('gives the same bytes for the same config, by flags or by file', async () => {
  const again = await place.run(
    'train',
    '--config',
    'whole/config.json',
    '--device',
    'cpu',
    '--quiet',
  )
  assert.is(again.code, 0)
  assert.is(again.stderr, '')
  assert.match(
    again.stdout,
    /test accuracy .* %[\s\S]*layers\.1[\s\S]*run folder runs\/mlp-mnist-1/,
  )
  assert.is(read('runs', 'mlp-mnist-1', 'result.json'), read('whole', 'result.json'))
  const other = await place.run(
    'train',
    '--config',
    'whole/config.json',
    '--seed',
    '1',
    '--device',
    'cpu',
  )
  assert.is(other.code, 0)
  assert.is.not(read('runs', 'mlp-mnist-2', 'result.json'), read('whole', 'result.json'))
})

runs('stopped by Ctrl-C leaves a checkpoint and goes on to the same result', async () => {
  const first = place.start('train', ...plan, '--out', 'stopped')
  await first.said(`epoch 1/${EPOCHS}`)
  first.signal('SIGINT')
  const { code, stdout, stderr } = await first.ended
  assert.is(code, 130)
  assert.is(stdout, '')
  assert.match(
    stderr,
    /^stopped in epoch \d+\/30, step \d+; go on with: collapse train --resume stopped$/m,
  )
  assert.not.ok(readdirSync(join(place.path, 'stopped')).includes('result.json'))
  const second = await place.run('train', '--resume', 'stopped', '--device', 'cpu')
  assert.is(second.code, 0, second.stderr)
  assert.is(read('stopped', 'result.json'), read('whole', 'result.json'))
  assert.equal(epochsOf('stopped'), every)
  assert.ok(
    readFileSync(join(place.path, 'stopped', 'checkpoint.safetensors')).equals(
      readFileSync(join(place.path, 'whole', 'checkpoint.safetensors')),
    ),
  )
})

runs('says that a finished run is finished, and prints its result again', async () => {
  const said = await place.run('train', '--resume', 'whole')
  assert.is(said.code, 0)
  assert.match(said.stdout, /^this run is finished; its result is whole\/result\.json$/m)
  const json = await place.run('train', '--resume', 'whole', '--json')
  assert.is(json.stdout, read('whole', 'result.json'))
})

runs('refuses a checkpoint of another config, and one that is damaged', async () => {
  const config = read('stopped', 'config.json')
  const path = (name: string) => join(place.path, 'stopped', name)
  writeFileSync(path('config.json'), config.replace('"seed": 0', '"seed": 7'))
  const before = files()
  const other = await place.run('train', '--resume', 'stopped')
  assertRefused(
    other,
    /checkpoint\.safetensors: the checkpoint is of another config/,
    place.path,
    before,
  )
  writeFileSync(path('config.json'), config)
  const bytes = readFileSync(path('checkpoint.safetensors'))
  writeFileSync(path('checkpoint.safetensors'), bytes.subarray(0, bytes.length - 8))
  const damaged = await place.run('train', '--resume', 'stopped')
  assertRefused(damaged, /checkpoint\.safetensors: .*truncated/, place.path, before)
})

runs('ends at once on a second Ctrl-C', async () => {
  const long = [...small, '--batch', '1', '--epochs', '9999', '--device', 'cpu', '--out', 'twice']
  const child = place.start('train', ...long)
  await child.said('epoch 1/9999')
  child.signal('SIGINT')
  child.signal('SIGINT')
  assert.is((await child.ended).code, 130)
})

runs('fails with exit 1 and one line where the loss is no longer finite', async () => {
  const { code, stderr } = await place.run(
    'train',
    ...plan,
    '--lr',
    '1e30',
    '--out',
    'far',
    '--quiet',
  )
  assert.is(code, 1)
  assert.equal(linesOf(stderr).length, 1)
  assert.match(stderr, /the loss is not finite; lower the learning rate/)
  assert.not.ok(files().includes('far'))
})

runs('trains with an activation of a plugin, which the run remembers', async () => {
  const page = readFileSync(join(import.meta.dir, '../../../docs/custom-op.md'), 'utf8')
  const [, code = ''] = /```ts\n(\/\/ softshrink\.ts: [\s\S]*?)```/.exec(page) ?? []
  writeFileSync(join(place.path, 'softshrink.ts'), code)
  const args = ['--plugin', 'softshrink.ts', '--activation', 'softshrink', '--out', 'soft']
  const { code: exit, stderr } = await place.run('train', ...plan, '--epochs', '2', ...args)
  assert.is(exit, 0, stderr)
  const { config } = JSON.parse(read('soft', 'result.json'))
  assert.equal([config.activation, config.plugins], ['softshrink', ['softshrink.ts']])
  const again = await place.run(
    'train',
    '--config',
    'soft/config.json',
    '--device',
    'cpu',
    '--json',
  )
  assert.is(again.stdout, read('soft', 'result.json'))
})

runs.after(place.remove)
runs.run()

// timeout: 480
// `collapse probe` as a process: JSON, result.json, page and classifiers, as transfer's probe, a config file, a lost loss, Ctrl-C, refusals.
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { ProbeResult } from '../../../src/codec/probe-result.ts'
import { decodeSafetensors } from '../../../src/codec/safetensors.ts'
import { TransferResult } from '../../../src/codec/transfer-result.ts'
import { assertRefused, workplace } from '../../support/cli.ts'
import { right } from '../../support/either.ts'
import { writePhotos } from '../../support/image-files.ts'

const place = workplace()
const test = suite('collapse probe')

await writePhotos(place.path)

const pretrain = place.run(
  ...['train', '--model', 'resnet20', '--size', '8', '--data', 'folder:photos', '--device', 'cpu'],
  ...['--batch', '9', '--epochs', '1', '--measure-every', '0', '--out', 'source'],
)
const data = ['--data', 'folder:photos', '--device', 'cpu', '--epochs', '3', '--batch', '8']
const from = ['--from', 'source', ...data]
const read = (...parts: ReadonlyArray<string>): string =>
  readFileSync(join(place.path, ...parts), 'utf8')
const resultIn = (text: string): ProbeResult => right(ProbeResult.decode(JSON.parse(text)))

test('probes every unit of a run, with JSON, result.json, a page, and the classifiers', async () => {
  const trained = await pretrain
  assert.is(trained.code, 0, trained.stderr)
  const { code, stdout, stderr } = await place.run('probe', ...from, '--json', '--out', 'out')
  assert.is(code, 0, stderr)
  const result = resultIn(stdout)
  assert.ok(result.finished)
  assert.equal(
    result.rows.map(({ unit, layer, width, headParameters }) => [
      unit,
      layer,
      width,
      headParameters,
    ]),
    [
      ...[1, 2, 3].flatMap(stage =>
        [0, 1, 2].map(i => {
          const width = 8 * 2 ** stage
          return [3 * stage - 2 + i, `layer${stage}.${i}`, width, 3 * (width + 1)]
        }),
      ),
      [null, 'penultimate', 64, 195],
    ],
  )
  for (const { nc1, metrics, epochs, testAccuracy, bestAccuracy } of result.rows) {
    assert.equal([metrics.n, metrics.classes, epochs.length], [18, 3, 3])
    assert.is(nc1, metrics.nc1)
    assert.ok((metrics.selfDuality ?? -1) >= 0 && (metrics.nccMismatch ?? -1) >= 0)
    assert.ok((testAccuracy ?? -1) >= 0 && (bestAccuracy ?? -1) >= (testAccuracy ?? 0))
  }
  // The last unit's mean over places is the classifier's input.
  const [last, input] = result.rows.slice(-2)
  assert.equal([last?.epochs, last?.metrics], [input?.epochs, input?.metrics])
  assert.equal(resultIn(read('out', 'result.json')), result)
  assert.match(read('out', 'index.html'), /<h1>Every layer of resnet20, probed<\/h1>/)
  const bytes = new Uint8Array(readFileSync(join(place.path, 'out', 'heads.safetensors')))
  const { arrays } = right(decodeSafetensors(bytes, 'heads'))
  assert.equal(arrays.get('layer2.0/fc.weight')?.shape, [3, 32])
  assert.equal(arrays.get('penultimate/fc.bias')?.shape, [3])
  assert.is(arrays.size, 20)
})

test("gives the classifier's input what transfer's linear probe gets", async () => {
  const probed = await place.run('probe', ...from, '--json')
  const moved = await place.run('transfer', ...from, '--method', 'probe', '--json')
  assert.is(probed.code + moved.code, 0, probed.stderr + moved.stderr)
  const { rows } = resultIn(probed.stdout)
  const [probe] = right(TransferResult.decode(JSON.parse(moved.stdout))).rows
  const row = rows.at(-1)
  assert.equal(
    [row?.testAccuracy, row?.bestAccuracy, row?.trainAccuracy, row?.nc1],
    [probe?.testAccuracy, probe?.bestAccuracy, probe?.trainAccuracy, probe?.penultimateNc1],
  )
  assert.equal(
    row?.epochs.map(({ loss }) => loss),
    probe?.epochs.map(({ loss }) => loss),
  )
})

test('goes from weights and prints a table; a config file is as good as flags', async () => {
  const weights = ['--model', 'resnet20', '--weights', 'source/checkpoint.safetensors']
  const { code, stdout, stderr } = await place.run(
    ...['probe', ...weights, ...data, '--size', '8', '--test-per-class', '1', '--seed', '3'],
  )
  assert.is(code, 0, stderr)
  assert.match(stdout, /^resnet20: 18 images of 3 classes, tested on 3$/m)
  assert.match(stdout, /^ +9 {2}layer3\.2 +64 /m)
  assert.match(stdout, /^Over 9 units the rank correlation of nc1 with the test accuracy is /m)
  await Bun.write(
    join(place.path, 'c.json'),
    JSON.stringify({
      ...{ version: 1, from: 'source', data: 'folder:photos', epochs: 3, batch: 8, seed: 3 },
      testPerClass: 1,
    }),
  )
  const again = await place.run('probe', '--config', 'c.json', '--device', 'cpu')
  assert.is(again.code, 0, again.stderr)
  const bare = (text: string): string => text.replace(/took .*/, '')
  assert.is(bare(again.stdout), bare(stdout))
})

test('says which classifiers lost their loss, and keeps the others', async () => {
  const { code, stdout, stderr } = await place.run(
    ...['probe', ...from, '--lr', '1e38', '--weight-decay', '1', '--out', 'failed'],
  )
  assert.is(code, 1, stderr)
  const { failed, rows } = resultIn(read('failed', 'result.json'))
  assert.is(failed.length + rows.length, 10)
  assert.ok(failed.length > 0)
  assert.match(stdout, /^The classifier on \S+ failed: the loss is not finite in epoch \d$/m)
  assert.match(stderr, /the classifier on \S+: the loss is not finite in epoch \d; lower the/)
})

test('stopped, it keeps the epochs that ended and exits with 130', async () => {
  const run = place.start(
    ...['probe', ...from, '--epochs', '100000', '--test-every', '1', '--out', 'stopped'],
  )
  await run.said('nc1 of the layers')
  await new Promise(resolve => setTimeout(resolve, 3000))
  run.signal('SIGINT')
  const { code, stdout, stderr } = await run.ended
  assert.is(code, 130, stderr)
  assert.match(stdout, /; stopped on the way$/m)
  const { finished, rows } = resultIn(read('stopped', 'result.json'))
  assert.is(finished, false)
  assert.ok(rows.length === 10 && rows.every(({ epochs }) => epochs.length > 0))
  assert.ok(rows.every(({ metrics }) => metrics.nc1 !== null && metrics.selfDuality === null))
  assert.ok(existsSync(join(place.path, 'stopped', 'index.html')))
  assert.not.ok(existsSync(join(place.path, 'stopped', 'heads.safetensors')))
})

test('stopped while it reads the images, it has nothing to say', async () => {
  const run = place.start('probe', ...from)
  await run.said('engine: cpu')
  run.signal('SIGINT')
  const { code, stdout, stderr } = await run.ended
  assert.is(code, 130, stderr)
  assert.is(stdout, '')
})

const bad: ReadonlyArray<readonly [string, ReadonlyArray<string>, RegExp]> = [
  ['no network', data, /--model: give the network, or --from/],
  ['a run and a network', [...from, '--model', 'resnet20'], /--from: a run has its network/],
  ['no data', ['--from', 'source'], /--data: nothing given/],
  ['a run that is none', ['--from', 'photos', ...data], /photos.config\.json: no such file/],
  ['a class token that is not there', [...from, '--tokens', 'class'], /--tokens: .*no class token/],
  [
    'unknown tokens',
    [...from, '--tokens', 'all'],
    /--tokens: "all" given; give one of mean, class/,
  ],
  ['a flag of transfer alone', [...from, '--bn', 'adapt'], /unknown option '--bn'/],
  ['a learning rate of 0', [...from, '--lr', '0'], /--lr: "0" given/],
]
for (const [what, args, said] of bad) {
  test(`refuses ${what}`, async () => {
    await pretrain
    const before = readdirSync(place.path)
    assertRefused(await place.run('probe', ...args, '--quiet'), said, place.path, before)
  })
}

test.after(place.remove)
test.run()

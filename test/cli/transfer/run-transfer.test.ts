// timeout: 480
// `collapse transfer` as a process: from a run and from weights, table, JSON and page, stopped on the way, and refusals.
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { TransferResult } from '../../../src/codec/transfer-result.ts'
import { right } from '../../support/engines.ts'
import { assertRefused, workplace } from '../../support/cli.ts'
import { writePhotos } from '../../support/image-files.ts'

const place = workplace()
const test = suite('collapse transfer')

await writePhotos(place.path)

const pretrain = place.run(
  ...['train', '--model', 'resnet20', '--size', '8', '--data', 'folder:photos', '--device', 'cpu'],
  ...['--batch', '9', '--epochs', '1', '--measure-every', '0', '--out', 'source'],
)
const data = ['--data', 'folder:photos', '--device', 'cpu', '--epochs', '2', '--batch', '9']
const from = ['transfer', '--from', 'source', ...data]
const read = (...parts: ReadonlyArray<string>): string =>
  readFileSync(join(place.path, ...parts), 'utf8')
const resultIn = (text: string): TransferResult =>
  right(TransferResult.decode(JSON.parse(text)), errors =>
    JSON.stringify(errors.map(e => e.context.map(c => c.key))),
  )

test('goes from a run in several ways, with JSON, result.json and a page', async () => {
  const trained = await pretrain
  assert.is(trained.code, 0, trained.stderr)
  const { code, stdout, stderr } = await place.run(
    ...[...from, '--method', 'all', '--block', '9', '--train', 'layer3.1,*.bn2', '--json'],
    ...['--out', 'out'],
  )
  assert.is(code, 0, stderr)
  const result = resultIn(stdout)
  assert.equal(
    result.rows.map(({ method, unit }) => [method, unit]),
    [
      ['probe', null],
      ['layer', 9],
      ['scl', 9],
      ['paths', null],
      ['full', null],
    ],
  )
  assert.ok(result.finished)
  const [probe, layer, scl, , full] = result.rows
  assert.equal([probe?.trainedParameters, full?.percent], [65 * 3, 100])
  assert.equal(probe?.nc1, result.before.nc1)
  assert.is(layer?.encoder, null)
  assert.is.not(scl?.encoder?.nc1, undefined)
  assert.is(full?.againstFull?.testAccuracy, 0)
  assert.equal([probe?.frozen.arrays, full?.frozen.arrays], [95, 0])
  assert.ok((probe?.bytes.activations ?? 1e9) < (full?.bytes.activations ?? 0))
  assert.is(result.rows[0]?.epochs.length, 2)
  assert.equal(resultIn(read('out', 'result.json')), result)
  assert.match(read('out', 'index.html'), /<h1>Transferring resnet20<\/h1>/)
  assert.match(stderr, /^SCL FT of layer3\.2: test .* 85 frozen arrays bit-identical$/m)
})

test('goes from weights, with batch norm that adapts, and prints a table', async () => {
  const { code, stdout, stderr } = await place.run(
    ...['transfer', '--model', 'resnet20', '--weights', 'source/checkpoint.safetensors'],
    ...[...data, '--size', '8', '--method', 'layer', '--block', '9', '--bn', 'adapt'],
  )
  assert.is(code, 0, stderr)
  assert.match(stdout, /^Layer FT {2}9 layer3\.2/m)
  assert.match(stdout, /^Frozen arrays \(51 a row\) were found bit-identical/m)
  assert.not.match(stderr, /outputs of \d+ blocks held/)
})

test('varies the images, computes blocks again, and tests on some images of each class', async () => {
  const how = ['--augment', 'crop-flip', '--recompute', 'blocks', '--test-per-class', '1']
  const args = [...from, '--method', 'layer', '--block', '8', '--json']
  const { code, stdout, stderr } = await place.run(...args, ...how)
  assert.is(code, 0, stderr)
  assert.not.match(stderr, /outputs of \d+ blocks held/)
  const { config, rows } = resultIn(stdout)
  assert.equal([config.augment, config.recompute, config.testPerClass], ['crop-flip', 'blocks', 1])
  const plain = resultIn((await place.run(...args)).stdout)
  assert.not.equal(rows[0]?.epochs[0]?.loss, plain.rows[0]?.epochs[0]?.loss)
  assert.ok(
    [0, 1 / 3, 2 / 3, 1].some(share => Math.abs(share - (rows[0]?.testAccuracy ?? 9)) < 1e-6),
  )
})

test('the same seed gives the same figures, and a config file the same as flags', async () => {
  const once = await place.run(...from, '--method', 'probe', '--seed', '5', '--json')
  await Bun.write(
    join(place.path, 'c.json'),
    JSON.stringify({
      ...{ version: 1, from: 'source', data: 'folder:photos', epochs: 2, batch: 9, seed: 5 },
      method: ['probe'],
    }),
  )
  const again = await place.run('transfer', '--config', 'c.json', '--device', 'cpu', '--json')
  const bare = ({ stdout }: typeof once) =>
    resultIn(stdout).rows.map(({ testAccuracy, metrics, nc1 }) => ({ testAccuracy, metrics, nc1 }))
  assert.is(again.code, 0, again.stderr)
  assert.equal(bare(once), bare(again))
})

test('a way that fails is said, and the others go on', async () => {
  const { code, stdout, stderr } = await place.run(
    ...[...from, '--method', 'probe,scl,full', '--block', '1', '--epochs', '1', '--lr', '1e19'],
    ...['--out', 'failed'],
  )
  assert.is(code, 1, stderr)
  const result = resultIn(read('failed', 'result.json'))
  assert.ok(result.finished)
  assert.equal(
    result.rows.map(({ method }) => method),
    ['probe'],
  )
  assert.equal(
    result.failed.map(({ method, unit, why }) => [method, unit, why]),
    [
      ['scl', 1, 'the loss is not finite'],
      ['full', null, 'the loss is not finite'],
    ],
  )
  assert.match(stdout, /^Full FT failed: the loss is not finite$/m)
  assert.match(
    stderr,
    /SCL FT of layer1\.0, training: the loss is not finite; lower the learning rate/,
  )
})

test('stopped, it keeps what is finished and exits with 130', async () => {
  const run = place.start(...from, '--method', 'probe,full', '--epochs', '500', '--out', 'stopped')
  await run.said('Linear probe: test')
  run.signal('SIGINT')
  const { code, stdout } = await run.ended
  assert.is(code, 130)
  assert.match(stdout, /; stopped on the way$/m)
  const result = resultIn(read('stopped', 'result.json'))
  assert.equal([result.finished, result.rows.map(({ method }) => method)], [false, ['probe']])
  assert.ok(existsSync(join(place.path, 'stopped', 'index.html')))
})

const bad: ReadonlyArray<readonly [string, ReadonlyArray<string>, RegExp]> = [
  ['no network', data, /--model: give the network, or --from/],
  ['no data', ['--from', 'source'], /--data: nothing given/],
  ['a run that is none', ['--from', 'photos', ...data], /photos.config\.json: no such file/],
  [
    'a unit that is not there',
    [...from.slice(1), '--block', '10'],
    /--block: resnet20 has no unit 10/,
  ],
  ['a pattern that fits nothing', [...from.slice(1), '--train', 'layer9'], /'layer9' is no param/],
  ['an unknown method', [...from.slice(1), '--method', 'lora'], /--method: unknown method 'lora'/],
  ['a learning rate of 0', [...from.slice(1), '--lr', '0'], /--lr: "0" given/],
]
for (const [what, args, said] of bad) {
  test(`refuses ${what}`, async () => {
    await pretrain
    const before = readdirSync(place.path)
    assertRefused(await place.run('transfer', ...args), said, place.path, before)
  })
}

test.after(place.remove)
test.run()

// timeout: 300
// A run's folder as the network of `measure`, `predict` and `advise`, as processes: its size, its ops, its data, what its weights began with.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { sourceOf } from '../../../cli/network/source.ts'
import { assertRefused, type Ended, workplace } from '../../support/cli.ts'
import { left, right } from '../../support/either.ts'
import { writePhotos } from '../../support/image-files.ts'

const test = suite('the network of a run')
const place = workplace()
test.after(place.remove)

await writePhotos(place.path)
const docs = readFileSync(join(import.meta.dir, '../../../docs/custom-op.md'), 'utf8')
const [, softshrink = ''] = /```ts\n(\/\/ softshrink\.ts: [\s\S]*?)```/.exec(docs) ?? []
writeFileSync(join(place.path, 'softshrink.ts'), softshrink)

const data = ['--data', 'folder:photos', '--device', 'cpu']
const plan = [...data, '--batch', '9', '--measure-every', '0']
const checked = async (run: Promise<Ended>): Promise<Ended> => {
  const ended = await run
  assert.is(ended.code, 0, ended.stderr)
  return ended
}
const train = (...args: ReadonlyArray<string>) => checked(place.run('train', ...plan, ...args))
const runs = (async () => {
  await train('--model', 'resnet20', '--size', '8', '--epochs', '2', '--out', 'conv')
  await train(
    ...['--plugin', 'softshrink.ts', '--activation', 'softshrink', '--depth', '4', '--width', '6'],
    ...['--epochs', '12', '--lr', '0.05', '--out', 'soft'],
  )
})()
const json = async (...args: ReadonlyArray<string>) =>
  JSON.parse((await checked(place.run(...args, '--device', 'cpu', '--json'))).stdout)
const resultOf = (run: string) =>
  JSON.parse(readFileSync(join(place.path, run, 'result.json'), 'utf8'))

test('predicts what the run itself scored, on its own test images, ops of plugins included', async () => {
  await runs
  for (const run of ['conv', 'soft']) {
    const { accuracy, n, from, model, classes } = await json('predict', '--from', run)
    assert.equal([n, from, classes], [6, run, 3])
    assert.is(model, run === 'conv' ? 'resnet20' : 'mlp')
    assert.is(accuracy, resultOf(run).testAccuracy)
  }
})

test('predicts as the checkpoint does by its name', async () => {
  await runs
  const named = ['--model', 'resnet20', '--weights', 'conv/checkpoint.safetensors', '--size', '8']
  const byName = await json('predict', ...named, '--data', 'folder:photos', '--split', 'test')
  const { from: _, ...byRun } = await json('predict', '--from', 'conv')
  assert.equal(byRun, byName)
})

test('measures the run on its own training images, or on others', async () => {
  await runs
  const own = await json('measure', '--from', 'soft', '--out', 'measured')
  assert.equal(
    [own.from, own.model, own.data, own.split],
    ['soft', 'mlp', 'folder:photos', 'train'],
  )
  assert.equal(
    own.layers.map(({ layer }: { readonly layer: string }) => layer),
    ['layers.0', 'layers.1', 'layers.2', 'penultimate'],
  )
  assert.is(own.layers[3].n, 18)
  assert.ok(own.layers[3].selfDuality >= 0)
  assert.match(
    readFileSync(join(place.path, 'measured', 'index.html'), 'utf8'),
    /<pre>collapse measure --from soft --data folder:photos/,
  )
  const other = await json(
    'measure',
    '--from',
    'conv',
    '--data',
    'folder:photos',
    '--split',
    'test',
  )
  assert.equal([other.split, other.layers.at(-1).n], ['test', 6])
})

test('advises on the run at its size, and reads the classifier that it trained', async () => {
  await runs
  const advice = await json('advise', '--from', 'conv', '--data', 'folder:photos')
  const [network] = advice.networks
  assert.equal([network.model, network.input], ['resnet20', [8, 8, 3]])
  assert.ok(network.leep <= 0)
  assert.is(network.layers.length, 10)
  const verified = await json(
    ...['advise', '--from', 'soft', '--data', 'folder:photos', '--verify', '--epochs', '1'],
  )
  assert.ok(
    verified.networks[0].layers.every(({ reached }: { readonly reached: unknown }) => reached),
  )
})

test('takes a run, or a network with its weights, and nothing else', () => {
  assert.equal(right(sourceOf({ from: 'a' })), { _tag: 'Run', from: 'a' })
  const named = { _tag: 'Named', model: 'a', weights: 'b' }
  assert.equal(right(sourceOf({ model: 'a', weights: 'b' })), named)
  assert.match(left(sourceOf({ from: 'a', weights: 'b' })).mend, /leave --model and --weights out/)
  assert.is(left(sourceOf({})).where, '--model')
  assert.is(left(sourceOf({ weights: 'b' })).where, '--model')
  assert.is(left(sourceOf({ model: 'a' })).where, '--weights')
})

const bad: ReadonlyArray<readonly [ReadonlyArray<string>, RegExp]> = [
  [['predict', '--from', 'conv', '--model', 'resnet20'], /--from: a run has its network/],
  [['predict', '--from', 'photos'], /photos.config\.json: no such file; give the folder of a run/],
  [['predict'], /--model: nothing given; give the network, or --from a run/],
  [
    ['predict', '--from', 'soft', '--size', '9'],
    /soft.config\.json, size: mlp takes images of any/,
  ],
  [['measure', '--from', 'conv', '--features', 'f.npy'], /both --features and --from/],
  [['measure', '--model', 'resnet20', '--weights', 'w.pth'], /--data: nothing given/],
  [['advise', '--from', 'conv', '--models', 'a,b', ...data], /--models: both --from and --models/],
  [['advise', '--from', 'conv', '--weights', 'w', ...data], /--from: a run has its network/],
]
for (const [args, said] of bad) {
  test(`refuses ${args.slice(0, 5).join(' ')}`, async () => {
    await runs
    const before = readdirSync(place.path)
    assertRefused(await place.run(...args, '--quiet'), said, place.path, before)
  })
}

test.run()

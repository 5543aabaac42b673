// timeout: 300
// Named networks as processes: any data set, from scratch and from weights, and what is refused.
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { assertRefused, workplace } from '../../support/cli.ts'
import { writePhotos } from '../../support/image-files.ts'

const place = workplace()
const test = suite('collapse train of a named network')

await writePhotos(place.path)

const small = [
  ...['--model', 'resnet20', '--size', '8', '--data', 'folder:photos', '--device', 'cpu'],
  ...['--batch', '9', '--lr', '0.02', '--lr-min', '0.02', '--measure-every', '0'],
]
const read = (...parts: ReadonlyArray<string>): string =>
  readFileSync(join(place.path, ...parts), 'utf8')

test('runs on image files, and stopped it goes on to the same bytes', async () => {
  const args = [...small, '--epochs', '4', '--augment', 'crop-flip', '--test-every', '3']
  const whole = await place.run('train', ...args, '--out', 'whole', '--json')
  assert.is(whole.code, 0, whole.stderr)
  const { layers, config, testAccuracy, best, nc1, parameters } = JSON.parse(whole.stdout)
  assert.equal([layers.length, layers[0], layers[8]], [9, 'layer1.0', 'layer3.2'])
  assert.equal([config.size, config.depth, config.augment], [8, null, 'crop-flip'])
  assert.equal([nc1.length, parameters], [9, 269_722 - 7 * 65])
  assert.ok(best.testAccuracy >= testAccuracy)
  const lines = read('whole', 'metrics.jsonl').trim().split('\n')
  assert.equal(
    lines.map(line => JSON.parse(line).testAccuracy === null),
    [true, true, false, false],
  )
  assert.match(whole.stderr, /^resnet20 \(269267 parameters, images of 8 x 8 x 3\), on folder:/m)

  const first = place.start('train', ...args, '--out', 'stopped')
  await first.said('epoch 1/4')
  first.signal('SIGINT')
  assert.is((await first.ended).code, 130)
  const second = await place.run('train', '--resume', 'stopped', '--device', 'cpu')
  assert.is(second.code, 0, second.stderr)
  for (const name of ['result.json', 'checkpoint.safetensors']) {
    assert.is(read('stopped', name), read('whole', name))
  }
})

test('begins with weights, with their head or a new one', async () => {
  const weights = [...small, '--weights', 'whole/checkpoint.safetensors', '--epochs', '1']
  const kept = await place.run(
    'train',
    ...weights,
    '--augment',
    'crop-flip',
    '--out',
    'kept',
    '--json',
  )
  assert.is(kept.code, 0, kept.stderr)
  assert.match(kept.stderr, /^weights: 97 arrays matched$/m)
  const before = JSON.parse(read('whole', 'metrics.jsonl').split('\n')[0] ?? '').loss
  assert.ok(JSON.parse(kept.stdout).loss < before)
  const two = ['--data', 'folder:photos?classes=0,2', '--head', 'drop', '--out', 'new', '--json']
  const fresh = await place.run('train', ...weights, ...two)
  assert.is(fresh.code, 0, fresh.stderr)
  assert.match(fresh.stderr, /head left out as asked \(fc\.weight, fc\.bias\)/)
  assert.is(JSON.parse(fresh.stdout).classes, 2)
})

const weights = ['--weights', 'whole/checkpoint.safetensors']
const bad: ReadonlyArray<readonly [string, ReadonlyArray<string>, RegExp]> = [
  [
    'the head of other classes',
    [...small, ...weights, '--data', 'folder:photos?classes=0-1'],
    /2 of another shape \(fc\.weight .*; give --head drop to begin with a new head/,
  ],
  [
    'weights of another network',
    ['--model', 'resnet18', '--data', 'folder:photos', ...weights],
    /checkpoint\.safetensors: the weights do not fit: .*; give weights of this network/,
  ],
  ['a head without weights', ['--head', 'drop'], /head: is of the weights, and there are none/],
  [
    'the depth of another network',
    ['--model', 'resnet20', '--depth', '3'],
    /depth: is for mlp only, not for resnet20/,
  ],
  [
    'a size between patches',
    ['--model', 'vit_b_32', '--size', '100'],
    /--size of vit_b_32: 100 is no multiple of 32/,
  ],
  ['missing weights', ['--model', 'resnet20', '--weights', 'no.pth'], /no\.pth: .*no such file/],
]
for (const [name, args, said] of bad) {
  test(`refuses ${name}`, async () => {
    const before = readdirSync(place.path)
    assertRefused(await place.run('train', ...args, '--quiet'), said, place.path, before)
  })
}

test.after(place.remove)
test.run()

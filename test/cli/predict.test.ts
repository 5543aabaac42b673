// timeout: 180
// `collapse predict` and `collapse measure --model` as processes: results, and one line with exit 2 for bad input.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { float32Array, int64Array } from '../../src/codec/number-array.ts'
import { decodeSafetensors, encodeSafetensors } from '../../src/codec/safetensors.ts'
import { modelNamed } from '../../src/models/registry.ts'
import { arraysWhere, networkOf, startingContents } from '../../src/train/network.ts'
import { assertRefused, workplace } from '../support/cli.ts'
import { right } from '../support/engines.ts'
import { spread } from '../support/golden-network.ts'

const test = suite('collapse predict')
const place = workplace()

const write = (name: string, arrays: Parameters<typeof encodeSafetensors>[0]['arrays']): string => {
  writeFileSync(join(place.path, name), right(encodeSafetensors({ arrays, metadata: {} })))
  return name
}

const weightsOf = (
  name: string,
  classes: number,
): ReadonlyArray<readonly [string, Float32Array, ReadonlyArray<number>]> => {
  const model = modelNamed(name, { classes })
  if (model === undefined) throw new Error(name)
  const network = right(networkOf(model, 'net'))
  const contents = startingContents(network, 3)
  return arraysWhere(network, () => true).map(([path, { aval }]) => [
    path,
    Float32Array.from(contents[path] ?? []),
    aval.shape,
  ])
}

const weights = write(
  'weights.safetensors',
  new Map(weightsOf('resnet20', 4).map(([path, data, shape]) => [path, float32Array(data, shape)])),
)
const images = (n: number, side: number, ...labels: ReadonlyArray<bigint>) =>
  new Map([
    [
      'input',
      float32Array(Float32Array.from(spread('images', n * 3 * side * side)), [n, 3, side, side]),
    ],
    ...(labels.length === 0
      ? []
      : [['labels', int64Array(BigInt64Array.from(labels), [n])] as const]),
  ])
const input = write('images.safetensors', images(3, 32, 0n, 1n, 2n))
const network = ['--model', 'resnet20', '--weights', weights] as const

// 40 records of a label and 3072 bytes each, four of each class.
const cifar = () => {
  mkdirSync(join(place.path, 'data', 'cifar10'), { recursive: true })
  const bytes = Uint8Array.from({ length: 40 * 3073 }, (_, i) =>
    i % 3073 === 0 ? (i / 3073) % 10 : (i * 7) % 256,
  )
  writeFileSync(join(place.path, 'data', 'cifar10', 'test_batch.bin'), bytes)
  return ['--data-root', 'data'] as const
}

test('perClass bears on the split that is taken, named or not', async () => {
  const root = cifar()
  for (const [spec, ...flags] of [
    ['cifar10?perClass=3&classes=0-3'],
    ['cifar10?perClass=3&classes=0-3', '--split', 'test'],
    ['cifar10?perClass=3&classes=0-3&split=test'],
  ] as const) {
    const { code, stdout, stderr } = await place.run(
      ...['predict', ...network, ...root, '--data', spec, ...flags, '--json'],
    )
    assert.is(code, 0, stderr)
    assert.is(JSON.parse(stdout).n, 12)
  }
})

test('gives classes, probabilities and scores as JSON, and the logits in a file', async () => {
  const { code, stdout, stderr } = await place.run(
    ...['predict', ...network, '--input', input],
    ...['--batch', '2', '--top', '2', '--json', '--out', 'logits.safetensors'],
  )
  assert.is(code, 0, stderr)
  const said = JSON.parse(stdout)
  const file = readFileSync(join(place.path, 'logits.safetensors'))
  const { arrays } = right(decodeSafetensors(new Uint8Array(file), 'logits'))
  const logits = arrays.get('logits')
  assert.equal(logits?.shape, [3, 4])
  assert.is(said.n, 3)
  assert.is(said.predictions.length, 3)
  const bytes = logits?.bytes.slice() ?? new Uint8Array(0)
  const values = new Float32Array(bytes.buffer)
  const best = [0, 1, 2].map(i => {
    const row = [...values.subarray(4 * i, 4 * i + 4)]
    return row.indexOf(Math.max(...row))
  })
  assert.equal(
    said.predictions.map((p: { readonly classes: ReadonlyArray<number> }) => p.classes[0]),
    best,
  )
  assert.is(said.accuracy, best.filter((k, i) => k === i).length / 3)
  assert.is(said.top5, 1)
})

test('takes a new head for other classes where the old one is dropped', async () => {
  const { code, stdout, stderr } = await place.run(
    ...['predict', ...network, '--input', input, '--head', 'drop', '--json'],
  )
  assert.is(code, 0, stderr)
  assert.is(JSON.parse(stdout).classes, 10)
})

const refusals: ReadonlyArray<readonly [string, ReadonlyArray<string>, RegExp]> = [
  [
    'an unknown network',
    ['--model', 'resnet19', '--weights', weights, '--input', input],
    /unknown network 'resnet19'/,
  ],
  [
    'weights of another network',
    ['--model', 'resnet18', '--weights', weights, '--input', input],
    /weights do not fit/,
  ],
  ['no images', [...network], /either --data or --input/],
  ['images twice', [...network, '--input', input, '--data', 'cifar10'], /either --data or --input/],
  [
    'images of another size',
    [...network, '--input', write('large.safetensors', images(1, 40))],
    /takes \[N, 3, 32, 32\]/,
  ],
  ['no file of weights', ['--model', 'resnet20', '--weights', 'none', '--input', input], /none/],
]
for (const [what, args, said] of refusals) {
  test(`refuses ${what}`, async () => {
    assertRefused(await place.run('predict', ...args), said, place.path, readdirSync(place.path))
  })
}

test('refuses, as collapse measure, tokens of a network that has none and flags that are not enough', async () => {
  assertRefused(
    await place.run('measure', '--model', 'resnet20'),
    /--weights: nothing given; give the file/,
    place.path,
    readdirSync(place.path),
  )
  assertRefused(
    await place.run('measure', ...network, '--features', 'f.npy'),
    /both --features and --model/,
    place.path,
    readdirSync(place.path),
  )
})

test.after(place.remove)
test.run()

// timeout: 240
// `collapse advise` as a process on a few images: table, JSON, page, budgets, two networks, --verify, an interrupt, bad input.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { decodeWith, inFile } from '../../../src/codec/decode.ts'
import { Advice } from '../../../src/codec/advice.ts'
import { float32Array } from '../../../src/codec/number-array.ts'
import { encodeSafetensors } from '../../../src/codec/safetensors.ts'
import { modelNamed } from '../../../src/models/registry.ts'
import { arraysWhere, networkOf, startingContents } from '../../../src/train/network.ts'
import { assertRefused, workplace } from '../../support/cli.ts'
import { right } from '../../support/engines.ts'
import { patternOf, pngOf } from '../../support/image-files.ts'

const test = suite('collapse advise')
const place = workplace()
test.after(place.remove)

const CLASSES = ['cat', 'dog', 'owl']
for (const split of ['train', 'test']) {
  for (const [k, name] of CLASSES.entries()) {
    mkdirSync(join(place.path, 'photos', split, name), { recursive: true })
    for (let i = 0; i < (split === 'train' ? 9 : 3); i++) {
      const png = await pngOf(patternOf(32, 32, 1 + k + 10 * i + (split === 'train' ? 0 : 500)))
      writeFileSync(join(place.path, 'photos', split, name, `${i}.png`), png)
    }
  }
}

const saveWeights = (model: string): string => {
  const made = modelNamed(model, { classes: 5 })
  if (made === undefined) throw new Error(model)
  const network = right(networkOf(made, 'net'))
  const contents = startingContents(network, 3)
  const arrays = new Map(
    arraysWhere(network, () => true).map(([path, { aval }]) => [
      path,
      float32Array(Float32Array.from(contents[path] ?? []), aval.shape),
    ]),
  )
  const path = join(place.path, `${model}.safetensors`)
  writeFileSync(path, right(encodeSafetensors({ arrays, metadata: {} })))
  return path
}

const weights = saveWeights('resnet20')
const data = ['--data', 'folder:photos']
const asked = ['advise', '--model', 'resnet20', '--weights', weights, ...data]

const decoded = (text: string): Advice =>
  right(decodeWith(Advice, inFile('stdout'), 'mend')(JSON.parse(text)), f => f.what)

test('scores every unit and the classifier input, ranks the units, and writes the page', async () => {
  const { code, stdout, stderr } = await place.run(...asked, '--json', '--out', 'runs/advice')
  assert.is(code, 0, stderr)
  const { networks, images, across, verify } = decoded(stdout)
  assert.equal(images, { used: 27, of: 27, classes: 3, perClass: 9 })
  assert.equal([across, verify, networks.length], [null, null, 1])
  const [network] = networks
  if (network === undefined) throw new Error('no network')
  assert.equal(
    network.layers.map(({ unit }) => unit),
    [1, 2, 3, 4, 5, 6, 7, 8, 9, null],
  )
  assert.equal([...network.order].sort(), [1, 2, 3, 4, 5, 6, 7, 8, 9])
  const nc1 = new Map(network.layers.map(layer => [layer.unit, layer.nc1?.value ?? 0]))
  const ordered = network.order.map(unit => nc1.get(unit) ?? 0)
  assert.equal(
    ordered,
    ordered.toSorted((a, b) => a - b),
  )
  for (const { nc1: found } of network.layers) {
    assert.ok(found !== null && found.low < found.value && found.value < found.high)
  }
  const [first, last] = [network.layers[0]?.cost, network.layers[8]?.cost]
  assert.is(first?.parameters, 2 * 16 * 16 * 9 + 4 * 16 + 64 * 3 + 3)
  assert.ok((first?.stepFlops ?? 0) > (last?.stepFlops ?? 0) && last?.cached === true)
  assert.ok(network.leep !== null && network.leep <= 0)
  const out = join(place.path, 'runs', 'advice')
  assert.equal(JSON.parse(readFileSync(join(out, 'result.json'), 'utf8')), JSON.parse(stdout))
  const page = readFileSync(join(out, 'index.html'), 'utf8')
  assert.match(page, /<title>What to tune first for folder:photos<\/title>/)
  assert.match(page, new RegExp(`Tune ${network.layers[(network.order[0] ?? 1) - 1]?.layer}`))
  assert.not.match(page, /<script|undefined|NaN/)
})

test('prints a table of scores, one of costs, and the advice, the units over budget last', async () => {
  const { code, stdout, stderr } = await place.run(...asked, '--budget', 'params=20000')
  assert.is(code, 0, stderr)
  assert.match(stdout, /tune +unit +layer +d +nc1 +95 %/)
  assert.match(stdout, /^over +7 +layer3\.0/m)
  assert.match(stdout, /^- Tune layer[12]\.\d \(unit [1-6]\) first: /m)
  assert.match(stdout, /None of this has been tuned/)
})

test('ranks two networks, and tunes every unit with --verify', async () => {
  saveWeights('resnet32')
  const { code, stdout, stderr } = await place.run(
    ...['advise', '--models', 'resnet20,resnet32', ...data, '--json', '--verify', '--epochs', '1'],
    ...[
      '--weights',
      'resnet20.safetensors, resnet32.safetensors',
      '--images',
      '12',
      '--size',
      '16',
    ],
  )
  assert.is(code, 0, stderr)
  const { networks, across, verify, images } = decoded(stdout)
  assert.equal(images, { used: 12, of: 27, classes: 3, perClass: 4 })
  assert.equal([...(across?.order ?? [])].sort(), ['resnet20', 'resnet32'])
  assert.equal([verify?.train, verify?.test], [27, 9])
  for (const { layers, input, foretold } of networks) {
    assert.equal(input, [16, 16, 3])
    assert.ok(layers.every(({ reached }) => (reached?.testAccuracy ?? -1) >= 0))
    assert.ok(foretold !== null)
  }
})

test('ends with 130 and says nothing where it is interrupted', async () => {
  const started = place.start(...asked, '--device', 'cpu')
  await started.said('engine: cpu')
  started.signal('SIGINT')
  const { code, stdout, stderr } = await started.ended
  assert.is(code, 130, stderr)
  assert.is(stdout, '')
})

test('keeps the scores where tuning is interrupted', async () => {
  const started = place.start(...asked, '--json', '--verify', '--epochs', '500')
  await started.said('passes over 27 images')
  started.signal('SIGINT')
  const { code, stdout, stderr } = await started.ended
  assert.is(code, 130, stderr)
  const { verify, networks } = decoded(stdout)
  assert.is(verify, null)
  assert.is(networks[0]?.layers.length, 10)
})

const refusals: ReadonlyArray<readonly [ReadonlyArray<string>, RegExp]> = [
  [['--budget', 'money'], /--budget: .*one of params, bytes, seconds/],
  [['--budget', 'params=2MiB'], /--budget/],
  [['--models', 'resnet20'], /--models: both --model and --models/],
  [['--images', '1'], /--images: .*whole number from 4/],
  [['--weights', 'none.pth'], /none\.pth: .*no such file/],
]

for (const [more, line] of refusals) {
  test(`refuses ${more.join(' ')}`, async () => {
    const before = readdirSync(place.path)
    assertRefused(await place.run(...asked, ...more, '--quiet'), line, place.path, before)
  })
}

test.run()

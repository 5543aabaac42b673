// timeout: 180
// `collapse measure --model` as a process on a few images: JSON, the same where features are spooled, the page, an interrupt.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { float32Array } from '../../../src/codec/number-array.ts'
import { encodeSafetensors } from '../../../src/codec/safetensors.ts'
import { metricNames } from '../../../src/collapse/measure.ts'
import { modelNamed } from '../../../src/models/registry.ts'
import { arraysWhere, networkOf, startingContents } from '../../../src/train/network.ts'
import { assertRefused, linesOf, workplace } from '../../support/cli.ts'
import { right } from '../../support/engines.ts'
import { patternOf, pngOf } from '../../support/image-files.ts'

const test = suite('collapse measure --model')
const place = workplace()
test.after(place.remove)
const temporary = join(place.path, 'temporary')
mkdirSync(temporary)
process.env.TMPDIR = temporary

const CLASSES = ['cat', 'dog', 'owl']
for (const [k, name] of CLASSES.entries()) {
  mkdirSync(join(place.path, 'photos', name), { recursive: true })
  for (let i = 0; i < 4; i++) {
    const png = await pngOf(patternOf(32, 32, 1 + k + 10 * i))
    writeFileSync(join(place.path, 'photos', name, `${i}.png`), png)
  }
}

const model = modelNamed('resnet20', { classes: CLASSES.length })
if (model === undefined) throw new Error('resnet20')
const network = right(networkOf(model, 'net'))
const contents = startingContents(network, 3)
const arrays = new Map(
  arraysWhere(network, () => true).map(([path, { aval }]) => [
    path,
    float32Array(Float32Array.from(contents[path] ?? []), aval.shape),
  ]),
)
const weights = join(place.path, 'weights.safetensors')
writeFileSync(weights, right(encodeSafetensors({ arrays, metadata: {} })))

const asked = ['measure', '--model', 'resnet20', '--weights', weights, '--data', 'folder:photos']

test('measures every unit and the input of the classifier, held or spooled, and writes the page', async () => {
  const held = await place.run(...asked, '--json', '--out', 'runs/photos')
  assert.is(held.code, 0, held.stderr)
  const said = JSON.parse(held.stdout)
  assert.equal(Object.keys(said), ['model', 'weights', 'data', 'split', 'pool', 'layers'])
  assert.is(said.layers.length, 10)
  assert.equal(Object.keys(said.layers[0]), [
    ...['layer', 'unit', ...metricNames, 'n', 'd', 'classes', 'perClass', 'rank'],
  ])
  assert.is(said.layers[9].classes, CLASSES.length)
  const out = join(place.path, 'runs', 'photos')
  assert.equal(readdirSync(out).sort(), ['index.html', 'result.json'])
  assert.equal(JSON.parse(readFileSync(join(out, 'result.json'), 'utf8')), said)
  const page = readFileSync(join(out, 'index.html'), 'utf8')
  assert.match(page, /<title>Neural collapse in resnet20, layer by layer<\/title>/)
  assert.match(page, /--data folder:photos --out runs\/photos/)
  assert.match(held.stderr, /^page: runs\/photos\/index\.html$/m)

  const spooled = await place.run(...asked, '--json', '--hold', '0', '--batch', '5')
  assert.is(spooled.code, 0, spooled.stderr)
  assert.equal(JSON.parse(spooled.stdout), said)
  assert.equal(readdirSync(temporary), [])
})

test('ends with 130 and nothing left where it is interrupted', async () => {
  const started = place.start(...asked, '--hold', '0', '--batch', '1', '--device', 'cpu')
  await started.said('engine: cpu')
  started.signal('SIGINT')
  const { code, stdout, stderr } = await started.ended
  assert.is(code, 130, stderr)
  assert.is(stdout, '')
  assert.equal(readdirSync(temporary), [])
})

test('writes a page of features in a file too', async () => {
  const labels = {
    dtype: 'I32',
    shape: [4],
    bytes: new Uint8Array(Int32Array.of(0, 0, 1, 1).buffer),
  } as const
  const file = new Map([
    ['features', float32Array(Float32Array.of(1, 2, 3, 5), [4, 1])],
    ['labels', labels],
  ])
  writeFileSync(
    join(place.path, 'f.safetensors'),
    right(encodeSafetensors({ arrays: file, metadata: {} })),
  )
  const { code, stderr } = await place.run('measure', '--features', 'f.safetensors', '--out', 'f')
  assert.is(code, 0, stderr)
  const page = readFileSync(join(place.path, 'f', 'index.html'), 'utf8')
  assert.match(page, /<h1>Neural collapse in f\.safetensors<\/h1>/)
})

test('says in one line that the page has no place', async () => {
  const { code, stderr } = await place.run(
    ...['measure', '--features', 'f.safetensors', '--out', join(weights, 'sub'), '--quiet'],
  )
  assert.is(code, 2)
  assert.is(linesOf(stderr).length, 1)
  assert.match(stderr, /sub: lies below a file; choose another --out/)
})

test('refuses pooling by tokens that are not there', async () => {
  const before = readdirSync(place.path)
  const refused = await place.run(...asked, '--pool', 'cls', '--quiet')
  assertRefused(refused, /--pool cls: .* has no tokens/, place.path, before)
})

test.run()

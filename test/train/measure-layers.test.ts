// Metrics of all layers: those of the features by hand, from one pass over the images, held or spooled alike.
import * as O from 'fp-ts/Option'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { LayerReport } from '../../src/collapse/layer-report.ts'
import { measure } from '../../src/collapse/measure.ts'
import { normals } from '../../src/core/random.ts'
import { cpuEngine } from '../../src/device/cpu.ts'
import type { Engine } from '../../src/device/engine.ts'
import { mlp } from '../../src/models/mlp.ts'
import { type Feed, infer, inferenceProgram, tensorFeed } from '../../src/train/infer.ts'
import { type LayersOptions, measureLayers } from '../../src/train/measure-layers.ts'
import { networkOf, putContents, startingContents } from '../../src/train/network.ts'
import { done, nativeEngine, right, useEngines } from '../support/engines.ts'

const test = suite('metrics of all layers')
const leave = useEngines()
test.after(leave)
const native = await nativeEngine()

const [N, CLASSES, WIDTH] = [60, 3, 8]
const network = right(
  networkOf(mlp({ inputs: 12, depth: 4, width: WIDTH, classes: CLASSES }), 'layers'),
)
const contents = startingContents(network, 3)
const labels = Uint32Array.from({ length: N }, (_, i) => i % CLASSES)
const next = normals(4, 'images')
const images = Float32Array.from(
  { length: N * 12 },
  (_, i) => next() + ((i % 12) % CLASSES === Math.floor(i / 12) % CLASSES ? 2 : 0),
)
const feed = tensorFeed(images, [N, 3, 2, 2])
const input = { network, contents, feed, labels }
const options: LayersOptions = { layers: 'all', pool: 'avg', batch: 16 }

const reportsOn = async (
  engine: Engine,
  changes: Partial<LayersOptions> = {},
  from: Feed = feed,
): Promise<ReadonlyArray<LayerReport>> => {
  await done(putContents(engine, network, contents))
  const measured = measureLayers(engine, { ...input, feed: from }, { ...options, ...changes })
  const found = await done(measured)
  return O.isSome(found) ? found.value : []
}

const penultimate = async (engine: Engine): Promise<Float32Array> => {
  await done(putContents(engine, network, contents))
  const rows = new Float32Array(N * WIDTH)
  const program = inferenceProgram(network, feed, N, ({ features }) => ({ features }))
  await done(
    infer(engine, program, feed, N, ({ features }) => {
      rows.set(features ?? [])
      return true
    }),
  )
  return rows
}

test('are those of the features, with the classifier at its input alone', async () => {
  const engine = cpuEngine()
  const reports = await reportsOn(engine)
  assert.equal(
    reports.map(({ layer, unit }) => [layer, unit]),
    [
      ['layers.0', 1],
      ['layers.1', 2],
      ['layers.2', 3],
      ['penultimate', null],
    ],
  )
  const data = await penultimate(engine)
  const end = Object.keys(contents).filter(
    path => path.startsWith('head.') || /^layers\.3/.test(path),
  )
  const weight = contents[end.find(path => path.endsWith('weight')) ?? ''] ?? []
  const bias = contents[end.find(path => path.endsWith('bias')) ?? ''] ?? []
  const wanted = right(measure({ data, n: N, d: WIDTH }, labels, { classifier: { weight, bias } }))
  assert.equal(reports.at(-1), { layer: 'penultimate', unit: null, ...wanted })
  assert.ok(reports.slice(0, -1).every(({ nccMismatch }) => nccMismatch === null))
})

const places = [0, 4 * N * WIDTH, 3 * 4 * N * WIDTH, 2 ** 31]
for (const [name, open] of [
  ['cpu', async () => cpuEngine()],
  ['webgpu', async () => native],
] as const) {
  test(`are the same held and spooled, from one pass over the images, on ${name}`, async () => {
    const engine = await open()
    if (engine === null) return
    let passes = 0
    const counted: Feed = {
      ...feed,
      batches: size => {
        passes++
        return feed.batches(size)
      },
    }
    const all = []
    for (const held of places) all.push(await reportsOn(engine, { spool: { held } }, counted))
    assert.is(passes, places.length)
    assert.is(all[0]?.length, 4)
    for (const reports of all) assert.equal(reports, all[0])
  })
}

test('are the same whatever the batch and the threads, and tell how far they are', async () => {
  const engine = cpuEngine()
  const wanted = await reportsOn(engine)
  const told: Array<string> = []
  const got = await reportsOn(engine, {
    batch: 25,
    workers: 2,
    spool: { held: 0 },
    onProgress: (phase, n, total) => told.push(`${phase} ${n}/${total}`) > 0,
  })
  assert.equal(got, wanted)
  const images = [0, 25, 50, 60].map(n => `images ${n}/60`)
  assert.equal(told, [...images, ...[0, 1, 2, 3, 4].map(n => `layers ${n}/4`)])
})

test('are none where they are stopped, among the images or among the layers', async () => {
  for (const phase of ['images', 'layers']) {
    const onProgress = (at: string, n: number): boolean => at !== phase || n === 0
    const engine = cpuEngine()
    await done(putContents(engine, network, contents))
    const found = await done(measureLayers(engine, input, { ...options, onProgress }))
    assert.ok(O.isNone(found), phase)
  }
})

test.run()

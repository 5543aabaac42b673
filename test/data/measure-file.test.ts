// Features on disk: every format gives what memory gives, in bounded memory; bad input is a fault.
import { closeSync, ftruncateSync, openSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import {
  bytesOf,
  type Dtype,
  float32Array,
  float64Array,
  int64Array,
  type NumberArray,
} from '../../src/codec/number-array.ts'
import { type MeasureReport, measure, metricNames } from '../../src/collapse/measure.ts'
import { showFault } from '../../src/core/fault.ts'
import { type MeasureFileOptions, measureFile, measureRows } from '../../src/data/measure-file.ts'
import { left, nearRelative, right } from '../support/either.ts'
import { arraysOfSample, fortranNpy, makeFolder } from '../support/feature-files.ts'
import { sampleOf } from '../support/features.ts'
import { goldenClassifier, toFloat32 } from '../support/golden-features.ts'

const test = suite('measureFile')

const folder = makeFolder()
test.after(folder.remove)

// Wide enough for Lanczos steps, long enough for several blocks of the worker's reader.
const sample = sampleOf({ seed: 1, d: 70, counts: [900, 1100, 1300], spread: 0.7, offset: 1 })
const narrow = toFloat32(sample)
const { features, labels } = arraysOfSample(sample)
const expected = right(measure(sample.features, sample.labels))
const expectedNarrow = right(measure(narrow.features, narrow.labels))

const agree = (report: MeasureReport, wanted: MeasureReport, tolerance = 1e-10): void => {
  for (const name of metricNames) {
    const value = wanted[name]
    if (value === null) assert.is(report[name], null, name)
    else nearRelative(report[name] ?? Number.NaN, value, tolerance, name)
  }
  const { n, d, classes, perClass, rank } = report
  assert.equal(
    { n, d, classes, perClass, rank },
    {
      n: wanted.n,
      d: wanted.d,
      classes: wanted.classes,
      perClass: wanted.perClass,
      rank: wanted.rank,
    },
  )
}

const run = async (options: MeasureFileOptions) => right(await measureFile(options)())
const fails = async (options: MeasureFileOptions) => showFault(left(await measureFile(options)()))

test('reads .npy beside its labels', async () => {
  const at = folder.npy('f.npy', features)
  agree(await run({ features: at, labels: folder.npy('y.npy', labels) }), expected)
})

test('reads .npz, stored and deflated', async () => {
  agree(await run({ features: folder.npz('s.npz', { features, labels }) }), expected)
  agree(await run({ features: folder.npz('d.npz', { features, labels }, 6) }), expected)
})

test('reads .safetensors, whatever its name says', async () => {
  agree(await run({ features: folder.safetensors('f.bin', { features, labels }) }), expected)
})

test('reads float32 as it is', async () => {
  const at = folder.safetensors('n.safetensors', arraysOfSample(narrow))
  agree(await run({ features: at }), expectedNarrow)
})

test('reads Fortran order', async () => {
  const y = folder.npy('y.npy', labels)
  agree(await run({ features: folder.bytes('c.npy', fortranNpy(sample)), labels: y }), expected)
  const wide = folder.bytes('c4.npy', fortranNpy(narrow))
  agree(await run({ features: wide, labels: y, workers: 2 }), expectedNarrow)
})

const halves = (dtype: Dtype, bits: (x: number) => number): NumberArray => ({
  dtype,
  shape: features.shape,
  bytes: bytesOf(Uint16Array.from(sample.features.data, bits)),
})

test('reads half floats and bfloat16', async () => {
  const eighths = sample.features.data.map(x => Math.round(x * 8) / 8)
  const rounded = { ...sample, features: { ...sample.features, data: eighths } }
  const wanted = right(measure(rounded.features, rounded.labels))
  const view = new DataView(new ArrayBuffer(4))
  const bfloat = (x: number) => {
    view.setFloat32(0, x)
    return view.getUint16(0)
  }
  const half = (x: number) => {
    if (x === 0) return 0
    const exponent = Math.floor(Math.log2(Math.abs(x)))
    const fraction = Math.round((Math.abs(x) / 2 ** exponent - 1) * 1024)
    return (x < 0 ? 0x8000 : 0) | ((exponent + 15) << 10) | fraction
  }
  const whole = eighths.map(x => Math.round(x))
  const coarse = { ...sample, features: { ...sample.features, data: whole } }
  const f16 = {
    features: { ...halves('F16', half), bytes: bytesOf(Uint16Array.from(eighths, half)) },
  }
  agree(await run({ features: folder.safetensors('h', { ...f16, labels }) }), wanted)
  const bf16 = { ...halves('BF16', bfloat), bytes: bytesOf(Uint16Array.from(whole, bfloat)) }
  agree(
    await run({ features: folder.safetensors('b', { features: bf16, labels }) }),
    right(measure(coarse.features, coarse.labels)),
  )
})

test('gives the same digits with several workers, and says how far it is', async () => {
  const at = folder.safetensors('w', { features, labels })
  for (const workers of [2, 3]) {
    let rows = 0
    let passes = 0
    const report = await run({
      features: at,
      workers,
      onRows: progress => {
        rows += progress.rows
        passes = Math.max(passes, progress.pass)
        assert.is(progress.n, 3300)
      },
    })
    agree(report, expected)
    assert.is(rows, passes * 3300)
  }
  assert.equal(await run({ features: at, workers: 2 }), await run({ features: at, workers: 2 }))
})

test('gives the same digits for rows in a file and in memory, in several blocks', async () => {
  const large = toFloat32(sampleOf({ seed: 3, d: 500, counts: [700, 800], spread: 0.7, offset: 1 }))
  const at = folder.safetensors('large', arraysOfSample(large))
  const { n, d, data } = large.features
  const held = new Float32Array(new SharedArrayBuffer(4 * n * d))
  held.set(data)
  const source = {
    rows: { path: 'memory', held, dtype: 'F32', fortran: false, n, d },
    ids: Int32Array.from(large.labels),
    classes: large.classes,
    classifier: null,
  } as const
  for (const workers of [1, 2]) {
    const inMemory = right(await measureRows(source, { workers })())
    assert.equal(inMemory, await run({ features: at, workers }))
  }
})

test('takes the last layer from the file', async () => {
  const golden = sampleOf({ seed: 2, d: 6, counts: [5, 6, 7, 8], spread: 1, offset: 0 })
  const arrays = {
    ...arraysOfSample(golden),
    weight: float64Array(Float64Array.from(Array.from(goldenClassifier.weight)), [4, 6]),
    bias: float32Array(Float32Array.of(0, 0.125, 0.25, 0.5), [4]),
  }
  const classifier = { ...goldenClassifier, bias: [0, 0.125, 0.25, 0.5] }
  const wanted = right(measure(golden.features, golden.labels, { classifier }))
  for (const workers of [1, 2]) {
    agree(await run({ features: folder.npz('l.npz', arrays), workers }), wanted)
  }
})

test('leaves no temporary file behind', async () => {
  const before = readdirSync(tmpdir()).filter(name => name.startsWith('collapse-'))
  await run({ features: folder.npz('t.npz', { features, labels }, 6) })
  const after = readdirSync(tmpdir()).filter(name => name.startsWith('collapse-'))
  assert.equal(
    after.filter(name => !name.startsWith('collapse-test-') && !before.includes(name)),
    [],
  )
})

const y = folder.npy('good.npy', labels)
const ids = (...list: ReadonlyArray<number>) =>
  int64Array(BigInt64Array.from(list, BigInt), [list.length])
const few = { features: float32Array(Float32Array.of(1, 2, 3, 4), [4, 1]), labels: ids(0, 0, 1, 1) }
const st = (arrays: Readonly<Record<string, NumberArray>>) =>
  fails({ features: folder.safetensors('bad', { ...few, ...arrays }) })

const changed = (row: number, value: number): NumberArray => {
  const data = Float64Array.from(sample.features.data)
  data[row * 70 + 3] = value
  data[3100 * 70] = value
  return float64Array(data, features.shape)
}

test('names a file that is missing, empty, a folder, cut off, or something else', async () => {
  assert.match(await fails({ features: folder.path('none.npy') }), /none\.npy: .*no such file/)
  assert.match(await fails({ features: tmpdir() }), /not a regular file/)
  assert.match(await fails({ features: folder.bytes('e.npy', '') }), /not a \.safetensors/)
  assert.match(
    await fails({ features: folder.bytes('t.npy', 'a,b\n1,2\n') }),
    /t\.npy: not a \.safetensors/,
  )
  const cut = folder.npy('cut.npy', features)
  const fd = openSync(cut, 'r+')
  ftruncateSync(fd, 100_000)
  closeSync(fd)
  assert.match(await fails({ features: cut, labels: y }), /cut\.npy: the file is truncated/)
  const good = folder.npy('g.npy', features)
  assert.match(await fails({ features: good, labels: folder.path('no.npy') }), /no\.npy: .*no such/)
  assert.match(await fails({ features: good }), /no labels; .*--labels/)
})

test('names wrong types, shapes and labels', async () => {
  assert.match(await st({ labels: ids(0, 1) }), /2 labels for 4 features/)
  assert.match(await st({ labels: ids(0, 0, -1, 1) }), /label -1 in row 2/)
  assert.match(await st({ labels: ids(0, 0, 2, 2) }), /class 1 has no sample/)
  assert.match(await st({ labels: ids(0, 0, 0, 0) }), /one class/)
  const soft = float32Array(Float32Array.of(0, 0, 1, 1), [4])
  assert.match(await st({ labels: soft }), /not whole numbers/)
  assert.match(await st({ features: ids(1, 2, 3, 4) }), /features of shape \[4\]/)
  assert.match(await st({ weight: soft }), /weight F32 \[4\]; give floats of shape \[2, 1\]/)
})

test('names the first row with NaN or an infinity, in whatever shard it lies', async () => {
  for (const workers of [1, 3]) {
    for (const [row, value] of [
      [17, Number.NaN],
      [1700, Number.POSITIVE_INFINITY],
      [2900, Number.NEGATIVE_INFINITY],
    ] as const) {
      const at = folder.safetensors('nan', { features: changed(row, value), labels })
      assert.match(await fails({ features: at, workers }), new RegExp(`NaN or Inf .* row ${row};`))
    }
  }
})

test.run()

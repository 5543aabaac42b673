// cropFlip: shaders as the reference bit by bit, every image a shifted and perhaps mirrored one, all shifts alike often.
import * as E from 'fp-ts/Either'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type CropFlip, cropFlip } from '../../kernels/crop-flip.ts'
import { type Data, f32, u32 } from '../../src/core/aval.ts'
import { checkOp } from '../support/check-op.ts'

const margins = [-0.5, 1.5, 0.25, 9]

const check = (batch: number, [height, width, channels]: readonly number[], reach: number): void =>
  checkOp(cropFlip, {
    attrs: { width: width ?? 1, reach, margin: margins.slice(0, channels), key: 4_000_000_000 },
    shapes: [[f32(batch, (height ?? 1) * (width ?? 1) * (channels ?? 1)), u32(2)]],
    operands: [undefined, { below: 2 ** 32 }],
    tolerance: 0,
    gradients: [],
  })

check(5, [32, 32, 3], 4)
check(3, [7, 5, 1], 2)
check(4, [3, 9, 2], 30)
check(1, [1, 1, 4], 1)
check(2, [4, 4, 3], 0)

checkOp(cropFlip, {
  attrs: { width: 4, reach: 2, margin: [0], key: 5, first: 1000 },
  shapes: [[f32(6, 20), u32(2)]],
  operands: [undefined, { below: 2 ** 32 }],
  tolerance: 0,
  gradients: [],
})

const [height, width, channels, reach] = [6, 5, 2, 2]
const features = height * width * channels
const attrs: CropFlip = { width, reach, margin: [-1, -2], key: 3 }

/** Each pixel holds 100 row + 10 column + channel. */
const image = Float32Array.from({ length: features }, (_, i) => {
  const pixel = Math.floor(i / channels)
  return 100 * Math.floor(pixel / width) + 10 * (pixel % width) + (i % channels)
})

const varied = (batch: number, seed: number, step: number, key = 3): Data => {
  const x = new Float32Array(batch * features)
  for (let b = 0; b < batch; b++) x.set(image, b * features)
  const site = { attrs: { ...attrs, key }, ins: [f32(batch, features), u32(2)], outs: [] }
  return cropFlip.oracle([x, Uint32Array.of(seed, step)], site)[0] ?? new Float32Array(0)
}

const expected = (dy: number, dx: number, mirrored: boolean): ReadonlyArray<number> =>
  Array.from(image, (_, i) => {
    const [pixel, c] = [Math.floor(i / channels), i % channels]
    const [row, column] = [Math.floor(pixel / width), pixel % width]
    const [r, q] = [row + dy, (mirrored ? width - 1 - column : column) + dx]
    return r < 0 || r >= height || q < 0 || q >= width ? -1 - c : 100 * r + 10 * q + c
  })

const partOf = (batch: number, first: number): Data => {
  const x = new Float32Array(batch * features)
  for (let b = 0; b < batch; b++) x.set(image, b * features)
  const site = { attrs: { ...attrs, first }, ins: [f32(batch, features), u32(2)], outs: [] }
  return cropFlip.oracle([x, Uint32Array.of(1, 2)], site)[0] ?? new Float32Array(0)
}

const ways: ReadonlyArray<ReadonlyArray<number>> = [-2, -1, 0, 1, 2].flatMap(dy =>
  [-2, -1, 0, 1, 2].flatMap(dx => [expected(dy, dx, false), expected(dy, dx, true)]),
)

const test = suite('cropFlip')

test('varies a part of a batch as the whole', () => {
  assert.equal(partOf(5, 7), varied(12, 1, 2).slice(7 * features))
})

test('gives every shift and mirroring equally often, and nothing else', () => {
  const batch = 20_000
  const y = varied(batch, 1, 2)
  const keys = ways.map(way => way.join())
  assert.is(new Set(keys).size, 50)
  const seen = new Map<string, number>()
  for (let b = 0; b < batch; b++) {
    const key = y.subarray(b * features, (b + 1) * features).join()
    seen.set(key, (seen.get(key) ?? 0) + 1)
  }
  assert.equal([...seen.keys()].sort(), [...keys].sort())
  // Binomial with mean 400 and deviation 19.8.
  for (const n of seen.values()) assert.ok(Math.abs(n - 400) < 100, `${n}`)
})

test('varies anew for another seed, step or key, and again in the same way for the same', () => {
  const first = varied(64, 1, 2)
  assert.equal(varied(64, 1, 2), first)
  for (const other of [varied(64, 2, 2), varied(64, 1, 3), varied(64, 1, 2, 4)]) {
    const same = Array.from({ length: 64 }, (_, b) => b * features).filter(
      at => first.subarray(at, at + features).join() === other.subarray(at, at + features).join(),
    )
    assert.ok(same.length < 12, `${same.length}`)
  }
})

test('refuses images of another width and margins of no channels', () => {
  const infer = (size: number, change: Partial<CropFlip> = {}) =>
    cropFlip.infer([f32(2, size), u32(2)], { ...attrs, ...change })
  assert.ok(E.isRight(infer(features)))
  assert.ok(E.isLeft(infer(features + 1)))
  assert.ok(E.isLeft(infer(features, { margin: [] })))
  assert.ok(E.isLeft(infer(features, { reach: -1 })))
})

test.run()

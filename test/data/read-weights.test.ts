// Weights from files: every form told by its content, real files where they are, and damage, bombs and lies.
import { existsSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import * as E from 'fp-ts/Either'
import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { encodeCheckpoint } from '../../src/codec/checkpoint.ts'
import { bytesOf } from '../../src/codec/number-array.ts'
import { encodeWeights, type Weights } from '../../src/codec/weights.ts'
import { f32 } from '../../src/core/aval.ts'
import type { Fault } from '../../src/core/fault.ts'
import { readNetworkWeights, readWeights } from '../../src/data/read-weights.ts'
import { damaged } from '../support/arrays.ts'
import { left, right } from '../support/either.ts'
import * as p from '../support/pth.ts'

const test = suite('readWeights')
const folder = mkdtempSync(join(tmpdir(), 'collapse-test-'))
const path = join(folder, 'file')
test.after(() => rmSync(folder, { recursive: true }))

const read = (bytes: Uint8Array | string): Promise<E.Either<Fault, Weights>> => {
  writeFileSync(path, bytes)
  return readWeights(path)()
}

const numbers = Float32Array.of(1, 2, 3, 4, 5, 6)
const weights: Weights = new Map([
  ['module.fc.weight', { shape: [2, 3], data: numbers, dtype: 'F32' }],
  ['module.fc.bias', { shape: [2], data: Float32Array.of(7, 8), dtype: 'F32' }],
])
const safetensors = right(encodeWeights(weights))
const pth = (form: 'zip' | 'legacy'): Uint8Array => {
  const told = { 'module.fc.weight': p.tensor({ count: 6, shape: [2, 3], stride: [3, 1] }) }
  const bias = { 'module.fc.bias': p.tensor({ key: '1', count: 2, shape: [2], stride: [1] }) }
  const value = p.ordered({ ...told, ...bias })
  const second = bytesOf(Float32Array.of(7, 8))
  return form === 'zip'
    ? p.zipPth(value, { 0: bytesOf(numbers), 1: second })
    : p.legacyPth(value, [
        ['0', 6, bytesOf(numbers)],
        ['1', 2, second],
      ])
}

const forms: Readonly<Record<string, Uint8Array>> = {
  '.safetensors': safetensors,
  '.safetensors.gz': gzipSync(safetensors),
  '.safetensors.gz of two members': new Uint8Array(
    Buffer.concat([gzipSync(safetensors.subarray(0, 30)), gzipSync(safetensors.subarray(30))]),
  ),
  '.pth': pth('zip'),
  'the older .pth': pth('legacy'),
}

for (const [form, bytes] of Object.entries(forms)) {
  test(`reads ${form} by its content, without DataParallel's prefix`, async () => {
    const found = right(await read(bytes))
    assert.equal([...found.keys()].sort(), ['fc.bias', 'fc.weight'])
    assert.equal(found.get('fc.weight'), { shape: [2, 3], data: numbers, dtype: 'F32' })
    assert.equal(found.get('fc.bias')?.data, Float32Array.of(7, 8))
  })
}

test("gives the network of a run's checkpoint, without optimiser and meter", async () => {
  const kept = { aval: f32(2), data: Float32Array.of(1, 2) }
  const bytes = right(
    encodeCheckpoint({
      ...{ config: 'c', device: 'd', epoch: 1, step: 0, meter: new Float32Array(3) },
      origin: 'timm (ViT)',
      ...{ parameters: { 'fc.bias': kept }, slots: { 'momentum/fc.bias': kept } },
    }),
  )
  const found = right(await read(bytes))
  assert.equal([...found], [['fc.bias', { shape: [2], data: kept.data, dtype: 'F32' }]])
  const { weights: same, origin } = right(await readNetworkWeights(path)())
  assert.equal([...same], [...found])
  assert.is(origin, 'timm (ViT)')
})

const header = (text: string, size = text.length): Uint8Array => {
  const bytes = new Uint8Array(8 + text.length)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(size), true)
  bytes.set(new TextEncoder().encode(text), 8)
  return bytes
}
const entry = (shape: string, from: number, to: number): string =>
  `{"dtype":"F32","shape":${shape},"data_offsets":[${from},${to}]}`

const refusals: ReadonlyArray<readonly [string, Uint8Array | string, RegExp]> = [
  ['an empty file', '', /neither \.safetensors nor \.pth/],
  ['text', 'a,b,c\n1,2,3\n', /neither/],
  ['a web page', '<!DOCTYPE html><title>404</title>', /a web page/],
  ['a Git LFS pointer', 'version https://git-lfs.github.com/spec/v1\n', /git lfs pull/],
  ['a pickle of something else', p.pickle(p.whole(1)), /a pickle, but/],
  ['a header of 10 GB', header('{"a":1}', 10 ** 10), /not a \.safetensors file/],
  ['a header longer than the file', header('{"a":1}', 1000), /truncated in its header/],
  ['a header of 9 MB', header('{'.padEnd(9_000_000)), /not a \.safetensors file/],
  ['a header of brackets without end', header(`{"a":${'['.repeat(8_000_000)}`), /not JSON/],
  ['a tensor past the end', header(`{"a":${entry('[9]', 0, 36)}}`), /past the end/],
  ['a negative offset', header(`{"a":${entry('[1]', -4, 0)}}`), /malformed/],
  ['a shape that its bytes deny', header(`{"a":${entry('[9,9]', 0, 4)}}`), /takes 4 bytes/],
  [
    'a shape past all bounds',
    header(`{"a":${entry('[9e15,9e15]', 0, 4)}}`),
    /takes 4 bytes|malformed/,
  ],
  ['a truncated .gz', gzipSync(safetensors).subarray(0, -30), /inflated|truncated/],
  ['a .gz of something else', gzipSync('hello, hello, hello'), /not a \.safetensors file/],
  ['a .gz of a .pth', gzipSync(pth('zip')), /not a \.safetensors file/],
  [
    'a .gz with bytes at the end',
    gzipSync(Buffer.concat([safetensors, safetensors])),
    /bytes after/,
  ],
  [
    'a .gz that claims more than it can hold',
    gzipSync(header(`{"a":${entry('[1000000000]', 0, 4 * 10 ** 9)}}`)),
    /claims 4000000\d+ bytes/,
  ],
  ['a damaged .gz', gzipSync(safetensors).fill(7, 20, 40), /inflated|not/],
]

for (const [what, bytes, said] of refusals) {
  test(`refuses ${what}`, async () => {
    const { what: text, exit } = left(await read(bytes))
    assert.match(text, said, text)
    assert.is(exit, 2)
  })
}

test('takes brackets in names as letters', async () => {
  const name = '[[[[[[[[[[{"{{{{{{{{\\\\'
  const odd: Weights = new Map([[name, { shape: [1], data: Float32Array.of(1), dtype: 'F32' }]])
  assert.equal([...right(await read(right(encodeWeights(odd)))).keys()], [name])
})

test('refuses arrays that overlap', async () => {
  const text = `{"a":${entry('[2]', 0, 8)},"b":${entry('[2]', 4, 12)}}`
  assert.match(left(await read(Buffer.concat([header(text), Buffer.alloc(12)]))).what, /overlaps/)
})

test('refuses a bomb in little memory, however honest its header', async () => {
  const size = 2 ** 28
  const bomb = gzipSync(
    Buffer.concat([header(`{"a":${entry(`[${size / 4}]`, 0, size)}}`), Buffer.alloc(size)]),
  )
  const before = process.memoryUsage().rss
  assert.match(left(await read(bomb)).what, /claims 268435\d+ bytes/)
  assert.ok(process.memoryUsage().rss - before < 2 ** 27)
})

test('refuses a huge file without reading it', async () => {
  writeFileSync(path, safetensors)
  truncateSync(path, 2 ** 32 + 1)
  assert.match(left(await readWeights(path)()).what, /a file of 4294967297 bytes/)
})

test('refuses what is no file', async () => {
  assert.match(left(await readWeights(folder)()).what, /not a regular file/)
  assert.match(left(await readWeights(join(folder, 'none'))()).what, /no such file/)
})

test('takes any damage as a fault or as arrays that fit their shapes', async () => {
  const whole = fc.constantFrom(...Object.values(forms))
  await fc.assert(
    fc.asyncProperty(whole.chain(damaged), async bytes => {
      const found = await read(bytes)
      if (E.isLeft(found)) return
      for (const { shape, data } of found.right.values()) {
        assert.is(
          data.length,
          shape.reduce((n, s) => n * s, 1),
        )
      }
    }),
    { numRuns: 400 },
  )
})

const shared = join(import.meta.dir, '..', '..', '..', 'shared', 'data', 'weights')
const real: ReadonlyArray<readonly [string, number, ReadonlyArray<number>]> = [
  ['resnet18-pqf-in1k.safetensors.gz', 102, [64, 3, 7, 7]],
  ['resnet20-cifar10-akamaster.safetensors', 97, [16, 3, 3, 3]],
]

for (const [name, size, shape] of real) {
  test(`reads ${name}, where it is`, async () => {
    if (!existsSync(join(shared, name))) return console.log(`skipped: no ${name}`)
    const found = right(await readWeights(join(shared, name))())
    assert.is(found.size, size)
    assert.equal(found.get('conv1.weight')?.shape, shape)
  })
}

test.run()

// Weights: every element type as float32, names unwrapped, and files that PyTorch loads strictly.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { float32Array, float64Array, int64Array } from '../../src/codec/number-array.ts'
import { decodePth } from '../../src/codec/pth.ts'
import { decodeSafetensors } from '../../src/codec/safetensors.ts'
import {
  encodeWeights,
  unwrapNames,
  type Weights,
  weightOf,
  weightsOf,
} from '../../src/codec/weights.ts'
import { arrays } from '../support/arrays.ts'
import { left, right } from '../support/either.ts'

const test = suite('weights')
const golden = join(import.meta.dir, '..', 'golden')

test('are float32, whatever the file holds', () => {
  const half = { dtype: 'F16', shape: [2], bytes: Uint8Array.of(0, 0x3c, 0xff, 0xfb) } as const
  assert.equal(right(weightOf(half, 'x')).data, Float32Array.of(1, -65504))
  const brain = { dtype: 'BF16', shape: [1], bytes: Uint8Array.of(0x80, 0xbf) } as const
  assert.equal(right(weightOf(brain, 'x')).data, Float32Array.of(-1))
  const double = float64Array(Float64Array.of(0.1), [1])
  assert.equal(right(weightOf(double, 'x')).data, Float32Array.of(0.1))
  const long = right(weightOf(int64Array(BigInt64Array.of(-3n), []), 'x'))
  assert.equal(long, { shape: [], data: Float32Array.of(-3), dtype: 'I64' })
})

test('share bytes that are float32 already, wherever they may', () => {
  const data = Float32Array.of(1, 2)
  assert.is(right(weightOf(float32Array(data, [2]), 'x')).data.buffer, data.buffer)
  const odd = new Uint8Array(9).subarray(1)
  odd.set([0, 0, 0x80, 0x3f], 4)
  assert.equal(
    right(weightOf({ dtype: 'F32', shape: [2], bytes: odd }, 'x')).data,
    Float32Array.of(0, 1),
  )
})

test('fit their shapes, for arrays of all types', () => {
  fc.assert(
    fc.property(arrays(), array => {
      const { shape, data } = right(weightOf(array, 'x'))
      assert.is(
        data.length,
        shape.reduce((n, s) => n * s, 1),
      )
    }),
  )
})

const named = (...names: ReadonlyArray<string>): ReadonlyMap<string, number> =>
  new Map(names.map((name, i) => [name, i]))

test('lose the prefix of DataParallel and torch.compile, where all have it', () => {
  const wrapped = named('_orig_mod.module.fc.weight', '_orig_mod.module.module.x')
  assert.equal([...unwrapNames(wrapped)], [...named('fc.weight', 'module.x')])
  const mixed = named('module.fc.weight', 'fc.bias')
  assert.is(unwrapNames(mixed), mixed)
  assert.is(unwrapNames(named()).size, 0)
})

test('come back from the file that they were written to', () => {
  const weights: Weights = new Map([
    ['fc.weight', { shape: [1, 2], data: Float32Array.of(1, 2), dtype: 'F16' }],
    ['bn1.num_batches_tracked', { shape: [], data: Float32Array.of(7), dtype: 'I64' }],
  ])
  const { arrays: read, metadata } = right(decodeSafetensors(right(encodeWeights(weights)), 'x'))
  assert.equal(metadata, { format: 'pt' })
  assert.is(read.get('fc.weight')?.dtype, 'F32')
  assert.is(read.get('bn1.num_batches_tracked')?.dtype, 'I64')
  const again = right(weightsOf(read, 'x'))
  assert.equal(again.get('fc.weight')?.data, Float32Array.of(1, 2))
  assert.equal(again.get('bn1.num_batches_tracked')?.data, Float32Array.of(7))
  left(encodeWeights(new Map([['w', { shape: [3], data: Float32Array.of(1), dtype: 'F32' }]])))
})

test('are loaded strictly by PyTorch, counters or no counters', async () => {
  const file = 'module.zip.pth'
  const bytes = new Uint8Array(readFileSync(join(golden, file)))
  const weights = right(weightsOf(right(await decodePth(bytes, file)()), file))
  const fewer = new Map([...weights].filter(([name]) => !name.endsWith('num_batches_tracked')))
  assert.is(fewer.size, weights.size - 1)
  const folder = mkdtempSync(join(tmpdir(), 'collapse-test-'))
  const paths = [weights, fewer].map((written, i) => {
    const path = join(folder, `${i}.safetensors`)
    writeFileSync(path, right(encodeWeights(written)))
    return path
  })
  const script = join(golden, 'read-weights.py')
  const { status, stdout, stderr } = spawnSync('/usr/bin/python3', [script, ...paths])
  rmSync(folder, { recursive: true })
  if (status === null || status === 3) return console.log('skipped: no PyTorch')
  assert.is(status, 0, String(stderr))
  const state = JSON.parse(readFileSync(join(golden, 'pth.json'), 'utf8'))[file]
  const held = { metadata: { format: 'pt' }, state }
  assert.equal(JSON.parse(String(stdout)), [held, held])
})

test.run()

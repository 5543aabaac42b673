// Lowering of matrix products: what is copied, what is packed, how tiles are dealt out, and when a family is left.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Form } from '../../kernels/matmul-form.ts'
import { lowerProduct } from '../../kernels/matmul-lower.ts'
import { type Family, isDispatch, output, type Target, type Work } from '../../src/core/dispatch.ts'

const target = (family: Family, maxTextureSize = 16384): Target => ({
  family,
  limits: {
    maxWorkgroups: 65535,
    maxBindingBytes: 2 ** 27,
    maxBufferBytes: 2 ** 28,
    maxTextureSize,
    workgroupBytes: 16384,
  },
})

const ending = { label: 'product', shader: '', bindings: [output()] }

const lower = (
  form: Form['form'],
  [m, n, k]: readonly [number, number, number],
  to: Target = target('subgroup'),
): ReadonlyArray<Work> => lowerProduct({ m, n, k }, { form }, ending, to)

const labels = (works: ReadonlyArray<Work>): ReadonlyArray<string> => works.map(w => w.label)

const constantsOf = (works: ReadonlyArray<Work>): unknown => {
  const last = works.at(-1)
  return last !== undefined && isDispatch(last) ? last.constants : null
}

const groupsOf = (works: ReadonlyArray<Work>): ReadonlyArray<number> => {
  const last = works.at(-1)
  return last !== undefined && isDispatch(last) ? last.workgroups : []
}

const test = suite('lowerProduct')

test('copies operands of whole texels as they lie, in every form', () => {
  const copied = ['matmul operand', 'matmul operand', 'product']
  for (const form of ['NN', 'NT', 'TN'] as const) {
    assert.equal(labels(lower(form, [128, 784, 784])), copied)
  }
  assert.equal(constantsOf(lower('NN', [128, 784, 784])), { A_T: 0, B_T: 0, C_WHOLE: 1 })
  assert.equal(constantsOf(lower('NT', [128, 784, 784])), { A_T: 0, B_T: 1, C_WHOLE: 1 })
  assert.equal(constantsOf(lower('TN', [784, 784, 128])), { A_T: 1, B_T: 0, C_WHOLE: 1 })
})

test('packs operands of odd width, and both where the depth is odd', () => {
  assert.equal(labels(lower('TN', [10, 784, 128])), ['pack operand', 'matmul operand', 'product'])
  assert.equal(labels(lower('NN', [784, 10, 128])), ['matmul operand', 'pack operand', 'product'])
  assert.equal(labels(lower('NT', [128, 784, 10])), ['pack operand', 'pack operand', 'product'])
  assert.equal(constantsOf(lower('TN', [10, 10, 128])), { A_T: 0, B_T: 1, C_WHOLE: 0 })
})

const huge = target('subgroup', 2 ** 20)

test('deals every tile out once, in strips without much waste', () => {
  for (const m of [1, 31, 32, 33, 128, 784, 1000, 5000]) {
    for (const k of [8, 128, 784, 4096, 100_000]) {
      const [strip = 0, columns = 0, strips = 0] = groupsOf(lower('NT', [m, 70, k], huge))
      const tiles = Math.ceil(m / 32)
      assert.is(columns, 3)
      assert.ok(strip * strips >= tiles && strip * (strips - 1) < tiles)
      assert.ok(strip * strips <= 1.2 * tiles + 1, `${strip} x ${strips} for ${tiles} tiles`)
    }
  }
})

test('uses small tiles for small products on a GPU, large ones else', () => {
  const tilesOf = (m: number, n: number, k: number) => {
    const [x = 0, y = 0] = groupsOf(lower('NN', [m, n, k], target('tiled')))
    return [Math.ceil(n / x), Math.ceil(m / y)]
  }
  assert.equal(tilesOf(128, 128, 64), [32, 32])
  assert.ok(Math.min(...tilesOf(4096, 4096, 512)) >= 64)
})

test('sums parts on a GPU where the result is small and the depth large', () => {
  const works = lower('TN', [64, 64, 65536], target('tiled'))
  assert.equal(labels(works), ['product parts', 'product'])
})

test('leaves textures where one would be higher than the adapter allows', () => {
  assert.equal(labels(lower('NT', [4096, 32, 1024], target('subgroup', 1024))), [
    'matmul operand',
    'matmul operand',
    'product',
  ])
  const high = labels(lower('NT', [4097, 32, 1024], target('subgroup', 1024)))
  assert.not.ok(high.includes('matmul operand'))
  assert.is(high.at(-1), 'product')
})

test.run()

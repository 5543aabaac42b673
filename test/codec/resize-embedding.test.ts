// Resized position embeddings against torchvision's.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { isResizable, resizeEmbedding } from '../../src/codec/resize-embedding.ts'
import golden from '../golden/networks.json'
import { spread } from '../support/golden-network.ts'

const test = suite('position embeddings')

for (const { before, after, width, values } of golden.embeddings) {
  test(`of ${before} x ${before} patches become those of ${after} x ${after}, as torchvision's`, () => {
    const tokens = 1 + before ** 2
    const data = Float32Array.from(spread('embedding', tokens * width))
    const weight = { shape: [1, tokens, width], data, dtype: 'F32' } as const
    const made = resizeEmbedding(weight, 1 + after ** 2)
    assert.equal(made.shape, [1, 1 + after ** 2, width])
    assert.is(made.data.length, values.length)
    values.forEach((v, i) => {
      assert.ok(
        Math.abs(v - (made.data[i] ?? Number.NaN)) < 1e-6,
        `${i}: ${made.data[i]}, not ${v}`,
      )
    })
  })
}

test('stay as they are for as many patches', () => {
  const data = Float32Array.from(spread('embedding', 15))
  const made = resizeEmbedding({ shape: [1, 5, 3], data, dtype: 'F32' }, 5)
  assert.ok(made.data.every((v, i) => Math.abs(v - (data[i] ?? 0)) < 1e-7))
})

test('are resized only from square grids to square grids', () => {
  assert.ok(isResizable([1, 50, 4], 145))
  assert.not.ok(isResizable([1, 50, 4], 144))
  assert.not.ok(isResizable([1, 49, 4], 145))
  assert.not.ok(isResizable([50, 4], 145))
})

test.run()

// The layer norm layer: PyTorch's names and starts, rows of mean 0 and variance 1.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { f32 } from '../../src/core/aval.ts'
import { parameters } from '../../src/core/tree.ts'
import { layerNorm } from '../../src/nn/layer-norm.ts'
import { evaluation } from '../../src/nn/layer.ts'
import { applied, evaluate } from '../support/evaluate.ts'

const test = suite('layerNorm layer')

test('normalises every row, then scales and shifts', () => {
  const { params, y } = applied(layerNorm(0), evaluation, f32(2, 1, 2))
  assert.equal(
    parameters(params).map(([path, { aval }]) => [path, aval.shape]),
    [
      ['weight', [2]],
      ['bias', [2]],
    ],
  )
  const args = {
    x: Float32Array.of(1, 3, 10, 0),
    weight: Float32Array.of(1, 2),
    bias: Float32Array.of(0, 1),
  }
  assert.equal([...(evaluate({ y }, args).y ?? [])], [-1, 3, 1, -1])
})

test.run()

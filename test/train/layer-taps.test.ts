// The layers of a network: units in order, then the classifier's input, pooled as asked.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { showFault } from '../../src/core/fault.ts'
import { average } from '../../src/models/model.ts'
import { modelNamed } from '../../src/models/registry.ts'
import { layerTaps, poolingNamed } from '../../src/train/layer-taps.ts'
import { networkOf } from '../../src/train/network.ts'
import { left, right } from '../support/either.ts'

const test = suite('layers')

const modelOf = (name: string) => {
  const model = modelNamed(name)
  if (model === undefined) throw new Error(name)
  return model
}

test('are the fine-tuning units and the classifier input, or that alone', () => {
  const network = right(networkOf(modelOf('resnet18-cifar'), 'net'))
  const all = layerTaps(network, 'all', average)
  assert.equal(
    all.map(({ name, unit, width }) => [name, unit, width]),
    [
      ['layer1.0', 1, 64],
      ['layer1.1', 2, 64],
      ['layer2.0', 3, 128],
      ['layer2.1', 4, 128],
      ['layer3.0', 5, 256],
      ['layer3.1', 6, 256],
      ['layer4.0', 7, 512],
      ['layer4.1', 8, 512],
      ['penultimate', null, 512],
    ],
  )
  assert.equal(
    layerTaps(network, 'penultimate', average).map(({ name }) => name),
    ['penultimate'],
  )
})

test('are pooled by tokens only where there are tokens', () => {
  const [cnn, vit] = [modelOf('resnet20'), modelOf('vit_b_32')]
  assert.is(right(poolingNamed(cnn, 'avg')), average)
  assert.is(right(poolingNamed(vit, 'tokens')), average)
  assert.is.not(right(poolingNamed(vit, 'cls')), average)
  for (const pool of ['cls', 'tokens'] as const) {
    assert.match(showFault(left(poolingNamed(cnn, pool))), /^--pool .*: .* has no tokens/)
  }
})

test.run()

// The forward pass of a model: taps, state by the mode of each part, features.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { f32, u32 } from '../../src/core/aval.ts'
import { arg } from '../../src/core/value.ts'
import { forward, type Modes } from '../../src/models/forward.ts'
import type { Model } from '../../src/models/model.ts'
import { modelNamed } from '../../src/models/registry.ts'
import { vit } from '../../src/models/vit.ts'
import { evaluation, type Mode } from '../../src/nn/layer.ts'
import { networkOf, parameterValues, stateUpdates, stateValues } from '../../src/train/network.ts'
import { right } from '../support/engines.ts'

const training = (moments: 'batch' | 'running'): Mode => ({
  _tag: 'Train',
  weights: arg('weights', f32(2)),
  random: arg('random', u32(2)),
  moments,
})

const run = (model: Model, modes: Modes) => {
  const network = right(networkOf(model, 'net'))
  const [params, state] = [parameterValues(network), stateValues(network)]
  const pass = forward(model, modes)(params, state, arg('x', f32(2, ...model.input)))
  return { pass, updates: Object.keys(stateUpdates(network, pass.state)) }
}

const resnet20 = modelNamed('resnet20', { size: 8, classes: 3 })
if (resnet20 === undefined) throw new Error('no resnet20')

const test = suite('forward')

test('gives the output of every block, features and logits', () => {
  const { taps, features, logits } = run(resnet20, evaluation).pass
  assert.equal(
    taps.map(({ aval }) => aval.shape.at(-1)),
    [16, 16, 16, 16, 32, 32, 32, 64, 64, 64],
  )
  assert.equal(features.aval.shape, [2, 64])
  assert.equal(logits.aval.shape, [2, 3])
})

test('changes no state in evaluation, and all running moments in training', () => {
  assert.equal(run(resnet20, evaluation).updates, [])
  assert.is(run(resnet20, training('batch')).updates.length, 2 * 19)
})

test('leaves the running moments of frozen parts', () => {
  const modes = (part: string) => training(part === 'layer3.0' ? 'batch' : 'running')
  assert.equal(run(resnet20, modes).updates, [
    'net/layer3.0.bn1.running_mean',
    'net/layer3.0.bn1.running_var',
    'net/layer3.0.bn2.running_mean',
    'net/layer3.0.bn2.running_var',
  ])
})

test('ends the last tap of a vision transformer with its last norm, and takes the class token', () => {
  const model = vit({ name: 'vit', size: 32, classes: 3, patch: 16, width: 16, depth: 2, heads: 2 })
  const { taps, features } = run(model, evaluation).pass
  const last = taps.at(-1)
  assert.equal(last?.aval.shape, [2, 5, 16])
  assert.is(last?._tag === 'Apply' ? last.call.primitive.name : '', 'layerNorm')
  assert.equal(features.aval.shape, [2, 16])
})

test.run()

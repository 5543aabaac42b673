// How images are prepared, by network, by the origin of the weights, and by the images.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { channelsOf, preparationFor } from '../../../cli/network/preparation.ts'
import { imagenetStandard, preprocessings, type Unprepared } from '../../../src/data/preprocess.ts'
import { entries } from '../../../src/models/registry.ts'

const own = { mean: [0.4, 0.4, 0.4], std: [0.2, 0.2, 0.2] }
const small = { alike: { width: 32, height: 32 }, ...own }
const photographs = { alike: null, ...own }

const plan = (name: string, origin: string, images: Unprepared, channels = 3) => {
  const entry = entries[name]
  if (entry === undefined) throw new Error(name)
  return preparationFor(entry, origin, images, channels)
}

const test = suite('preparation')

test('of photographs is torchvision’s for its networks, and timm’s for its own', () => {
  assert.equal(plan('resnet18', 'torchvision', photographs), preprocessings['torchvision-224'])
  assert.equal(plan('vit_b_32', 'timm (ViT)', photographs), preprocessings['vit-224'])
  assert.equal(plan('vit_b_32-384', 'timm (ViT)', photographs), preprocessings['vit-384'])
  assert.equal(plan('vit_b_32', 'torchvision', photographs).mean, imagenetStandard.mean)
})

test('of small images resizes the whole of them', () => {
  const { resize, crop, mean } = plan('resnet18', 'torchvision', small)
  assert.equal(resize, { _tag: 'Exact', size: { width: 224, height: 224 } })
  assert.is(crop, null)
  assert.equal(mean, imagenetStandard.mean)
})

test('leaves images of the right size, by ImageNet’s standard or their own', () => {
  assert.is(plan('resnet20', 'CIFAR ResNet', small).resize, null)
  assert.equal(plan('resnet20', 'CIFAR ResNet', small).mean, imagenetStandard.mean)
  assert.equal(plan('resnet18-cifar', 'torchvision', small).mean, own.mean)
})

test('of grey images for three channels uses their standard for each', () => {
  const grey = { alike: { width: 28, height: 28 }, mean: [0.13], std: [0.31] }
  const { mean, std, resize } = plan('resnet18-cifar', 'torchvision', grey)
  assert.equal(
    [mean, std],
    [
      [0.13, 0.13, 0.13],
      [0.31, 0.31, 0.31],
    ],
  )
  assert.equal(resize, { _tag: 'Exact', size: { width: 32, height: 32 } })
  assert.equal(plan('mlp', 'torchvision', grey, 1).mean, [0.13])
  assert.equal([channelsOf({ input: [784] }), channelsOf({ input: [8, 8, 3] })], [1, 3])
})

test.run()

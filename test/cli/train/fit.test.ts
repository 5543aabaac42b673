// Networks that fit, and the fault of those that do not.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { fits, showBytes } from '../../../cli/train/fit.ts'
import { showFault } from '../../../src/core/fault.ts'
import { cpuEngine } from '../../../src/device/cpu.ts'
import { crossEntropy } from '../../../src/losses/losses.ts'
import { mlp } from '../../../src/models/mlp.ts'
import { sgd } from '../../../src/optim/optimizer.ts'
import { networkOf } from '../../../src/train/network.ts'
import { left, right } from '../../support/either.ts'
import { CLASSES, PIXELS, tinyResnet, tinySamples } from '../../support/tiny.ts'

const test = suite('fitting')

const training = {
  network: right(networkOf(mlp({ inputs: PIXELS, depth: 3, width: 10, classes: CLASSES }), 'n')),
  samples: tinySamples('s', 9, 1),
  batch: 4,
  loss: crossEntropy,
  from: 0,
  trains: () => true,
  optimizer: sgd,
}
const { target, info } = cpuEngine()
const limited = (bytes: number) => ({
  info,
  target: { ...target, limits: { ...target.limits, maxBindingBytes: bytes } },
})
const LARGEST = 4 * PIXELS * 10
const ALL = 4 * (PIXELS * 10 + 10 + 10 * 10 + 10 + CLASSES * 10 + CLASSES)

test('a parameter of just the limit fits, one byte less does not', () => {
  right(fits(limited(LARGEST), training))
  assert.match(
    showFault(left(fits(limited(LARGEST - 1), training))),
    /^parameter layers\.0\.linear\.weight: f32\[10, 12\] takes 1 MiB, more than the 1 MiB that/,
  )
})

test('three copies of all parameters must fit into memory', () => {
  right(fits({ target, info }, training, 3 * ALL))
  assert.match(
    showFault(left(fits({ target, info }, training, 3 * ALL - 1))),
    /^model mlp: needs .* this machine has .*; lower --width or --depth$/,
  )
})

test('a network of a name is mended by another, not by its width', () => {
  const network = right(networkOf(tinyResnet, 'n'))
  const named = { ...training, network }
  right(fits({ target, info }, named))
  assert.match(
    showFault(left(fits({ target, info }, named, 1000))),
    /^model resnet18-cifar: needs 1 MiB at least, .*; take a smaller network$/,
  )
})

test('bytes are shown as MiB or GiB', () => {
  assert.equal([1, 2 ** 27, 2 ** 30, 3 * 2 ** 29].map(showBytes), [
    '1 MiB',
    '128 MiB',
    '1.0 GiB',
    '1.5 GiB',
  ])
})

test.run()

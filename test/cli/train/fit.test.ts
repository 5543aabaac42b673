// Networks that fit, and the fault of those that do not.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { fits, showBytes } from '../../../cli/train/fit.ts'
import { showFault } from '../../../src/core/fault.ts'
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
const ALL = 4 * (PIXELS * 10 + 10 + 10 * 10 + 10 + CLASSES * 10 + CLASSES)

test('three copies of all parameters must fit into memory', () => {
  right(fits(training, 3 * ALL))
  assert.match(
    showFault(left(fits(training, 3 * ALL - 1))),
    /^model mlp: needs .* this machine has .*; lower --width or --depth$/,
  )
})

test('a network of a name is mended by another, not by its width', () => {
  const network = right(networkOf(tinyResnet, 'n'))
  const named = { ...training, network }
  right(fits(named))
  assert.match(
    showFault(left(fits(named, 1000))),
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

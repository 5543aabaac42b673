// Which ways a config asks for, and what is refused.
import * as E from 'fp-ts/Either'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type Job, jobsOf } from '../../../cli/transfer/jobs.ts'
import { TransferConfig } from '../../../src/codec/transfer-config.ts'
import { showFault } from '../../../src/core/fault.ts'
import { modelParameters } from '../../../src/models/model.ts'
import { networkOf } from '../../../src/train/network.ts'
import { trainsIn } from '../../../src/transfer/tuned-model.ts'
import { tunedBy } from '../../../src/transfer/ways.ts'
import { right } from '../../support/engines.ts'
import { tinyResnet } from '../../support/tiny.ts'

const test = suite('jobs')
const network = right(networkOf(tinyResnet, 'net'))

const jobs = (more: object) =>
  jobsOf(
    right(
      TransferConfig.decode({ version: 1, model: 'x', weights: 'w', data: 'cifar10', ...more }),
    ),
    network,
  )
const names = (more: object) =>
  right(jobs(more), showFault).map(({ method, unit, layer }) =>
    [method, unit, layer].filter(part => part !== null).join(' '),
  )
const trained = ({ way }: Job) =>
  modelParameters(network.init)
    .map(([path]) => path)
    .filter(trainsIn(tunedBy(way)(tinyResnet)))

test('are the probe, each block twice, and the whole', () => {
  assert.is(names({}).length, 1 + 8 + 8 + 1)
  assert.equal(names({ block: '1,7' }), [
    'probe',
    'layer 1 layer1.0',
    'layer 7 layer4.0',
    'scl 1 layer1.0',
    'scl 7 layer4.0',
    'full',
  ])
})

test('are those of the patterns too, before the whole', () => {
  assert.equal(names({ train: 'layer4,*.bn1' }), ['paths layer4,*.bn1'])
  assert.equal(names({ train: 'layer4', method: 'full,probe' }), ['probe', 'paths layer4', 'full'])
})

test('leave out what is excluded, but never the classifier', () => {
  const [layer, full] = right(jobs({ method: 'layer,full', block: '8', exclude: '*.bn*,fc,bn1' }))
  if (layer === undefined || full === undefined) throw new Error('no jobs')
  assert.equal(trained(layer), [
    'layer4.1.conv1.weight',
    'layer4.1.conv2.weight',
    'fc.weight',
    'fc.bias',
  ])
  assert.ok(trained(full).includes('conv1.weight'))
  assert.not.ok(trained(full).some(path => /bn\d/.test(path)))
})

const bad: ReadonlyArray<readonly [string, object, RegExp]> = [
  [
    'a unit that is not there',
    { block: '3,9' },
    /--block: .* has no unit 9; give numbers from 1 to 8/,
  ],
  ['patterns that fit nothing', { train: 'layer4,layr' }, /--train: 'layr' is no parameter of/],
  ['exclusions that fit nothing', { exclude: '*.bn9' }, /--exclude: '\*\.bn9' is no parameter/],
  ['nothing to train', { method: [] }, /--method: nothing to train/],
]
for (const [what, more, said] of bad) {
  test(`are refused for ${what}`, () => {
    const made = jobs(more)
    assert.match(E.isLeft(made) ? showFault(made.left) : 'accepted', said)
  })
}

test.run()

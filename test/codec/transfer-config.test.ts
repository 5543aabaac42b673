// The config of a transfer: presets, lists, what goes together, and decode . encode = id.
import * as fc from 'fast-check'
import * as E from 'fp-ts/Either'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { asFlag, decodeWith } from '../../src/codec/decode.ts'
import { TransferConfig, transferMethods } from '../../src/codec/transfer-config.ts'
import { showFault } from '../../src/core/fault.ts'
import { right } from '../support/engines.ts'

const test = suite('transfer config')
const base = { version: 1, model: 'resnet18', weights: 'w.pth', data: 'cifar10' }
const decode = (more: object) =>
  decodeWith(TransferConfig, asFlag, 'see help')({ ...base, ...more })
const config = (more: object) => right(decode(more), showFault)

test("the tuned preset freezes batch norm, the paper's lets it adapt, and flags win over both", () => {
  const tuned = config({})
  assert.equal(
    [tuned.preset, tuned.bn, tuned.epochs, tuned.batch, tuned.lr, tuned.lrMin],
    ['tuned', 'frozen', 20, 64, 0.01, 0],
  )
  const paper = config({ preset: 'paper' })
  assert.equal(
    [paper.bn, paper.epochs, paper.batch, paper.lr, paper.lrMin, paper.momentum, paper.weightDecay],
    ['adapt', 200, 128, 0.1, 1e-4, 0.9, 1e-4],
  )
  const mixed = config({ preset: 'paper', epochs: 3, bn: 'frozen' })
  assert.equal([mixed.epochs, mixed.bn, mixed.lr], [3, 'frozen', 0.1])
})

test('methods and blocks are lists, each once and in order; all is all', () => {
  assert.equal(config({}).method, [...transferMethods])
  assert.is(config({}).block, null)
  assert.equal(config({ method: 'full,probe,full' }).method, ['probe', 'full'])
  assert.equal(config({ method: 'all' }).method, [...transferMethods])
  assert.equal(config({ block: '7,1,7' }).block, [1, 7])
  assert.equal(config({ block: [3] }).block, [3])
  assert.is(config({ block: 'all' }).block, null)
})

test('with patterns of what trains, only those are trained unless methods are named', () => {
  assert.equal(config({ train: 'layer4,*.bn1' }).method, [])
  assert.equal(config({ train: 'layer4,*.bn1' }).train, ['layer4', '*.bn1'])
  assert.equal(config({ train: 'layer4', method: 'full' }).method, ['full'])
})

const bad: ReadonlyArray<readonly [string, object, RegExp]> = [
  [
    'an unknown method',
    { method: 'probe,ful' },
    /--method: unknown method 'ful' \(did you mean 'full'/,
  ],
  ['block 0', { block: '0' }, /--block: "0" given; give a list of unit numbers/],
  ['blocks that are words', { block: 'last' }, /--block: "last" given/],
  ['no patterns', { train: ' , ' }, /--train: " , " given; give a list of patterns/],
  ['an unknown preset', { preset: 'fast' }, /--preset: "fast" given; give one of paper, tuned/],
  ['a network without weights', { weights: null }, /--weights: give the weights/],
  ['no network', { model: null, weights: null }, /--model: give the network, or --from/],
  ['a run and a network', { from: 'runs/x' }, /--from: a run has its network and weights/],
  ['a split', { data: 'cifar10?split=train' }, /--data: split=train is given/],
  ['an unknown key', { blok: '1' }, /unknown key 'blok' \(did you mean 'block'/],
  ['another version', { version: 2 }, /--version: 2 given; give 1/],
]
for (const [what, more, said] of bad) {
  test(`refuses ${what}`, () => {
    const decoded = decode(more)
    assert.match(E.isLeft(decoded) ? showFault(decoded.left) : 'accepted', said)
  })
}

test('decodes what it encodes', () => {
  const words = fc.array(fc.constantFrom('layer1', '*.bn1', 'fc.weight'), { minLength: 1 })
  fc.assert(
    fc.property(
      fc.record(
        {
          preset: fc.constantFrom('paper', 'tuned'),
          method: fc.array(fc.constantFrom(...transferMethods), { minLength: 1 }),
          block: fc.oneof(
            fc.constant('all'),
            fc.array(fc.integer({ min: 1, max: 99 }), { minLength: 1 }),
          ),
          train: words,
          exclude: words,
          bn: fc.constantFrom('adapt', 'frozen'),
          epochs: fc.integer({ min: 1, max: 999 }),
          testPerClass: fc.integer({ min: 1, max: 999 }),
          lr: fc.double({ min: 1e-6, max: 1, noNaN: true }),
          size: fc.integer({ min: 1, max: 512 }),
          seed: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
        },
        { requiredKeys: [] },
      ),
      more => {
        const made = config(more)
        const text = JSON.stringify(TransferConfig.encode(made))
        assert.equal(TransferConfig.decode(JSON.parse(text)), E.right(made))
      },
    ),
  )
})

test.run()

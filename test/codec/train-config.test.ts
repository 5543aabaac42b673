// Configs of training: defaults, round trips, refusals, and one text and hash for equal configs.
import * as E from 'fp-ts/Either'
import * as fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { decodeWith, inFile } from '../../src/codec/decode.ts'
import { hashTrainConfig, showTrainConfig, TrainConfig } from '../../src/codec/train-config.ts'
import { showFault } from '../../src/core/fault.ts'
import { right } from '../support/either.ts'

const test = suite('configs of training')

const number = fc.double({ min: 0, max: 10, noNaN: true }).filter(x => x > 0 && !Object.is(x, -0))
const shared = fc.record(
  {
    version: fc.constant(1 as const),
    data: fc.record(
      {
        name: fc.constantFrom('mnist', 'other'),
        path: fc.option(fc.stringMatching(/^[a-z/]{1,9}$/)),
        classes: fc.option(fc.uniqueArray(fc.integer({ min: 0, max: 9 }), { minLength: 2 })),
        perClass: fc.option(fc.integer({ min: 1, max: 100 })),
        seed: fc.option(fc.integer({ min: 0, max: 99 })),
        split: fc.constant(null),
      },
      { noNullPrototype: true },
    ),
    loss: fc.constantFrom('ce' as const, 'mse' as const),
    epochs: fc.integer({ min: 1, max: 1000 }),
    batch: fc.integer({ min: 1, max: 65536 }),
    lr: number,
    lrMin: number,
    momentum: fc.double({ min: 0, max: 0.99, noNaN: true }).filter(x => !Object.is(x, -0)),
    weightDecay: number,
    augment: fc.constantFrom('none' as const, 'crop-flip' as const),
    recompute: fc.constantFrom('none' as const, 'cheap' as const, 'blocks' as const),
    measureEvery: fc.integer({ min: 0, max: 99 }),
    testEvery: fc.integer({ min: 0, max: 99 }),
    seed: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
    plugins: fc.array(fc.stringMatching(/^[a-z.]{1,9}$/)),
  },
  { noNullPrototype: true },
)

const mlp = fc.record(
  {
    model: fc.constant('mlp'),
    depth: fc.integer({ min: 2, max: 1000 }),
    width: fc.integer({ min: 1, max: 65536 }),
    activation: fc.constantFrom('relu', 'softshrink'),
    size: fc.constant(null),
  },
  { noNullPrototype: true },
)

const named = fc.record(
  {
    model: fc.constantFrom('resnet20', 'vit_b_32'),
    depth: fc.constant(null),
    width: fc.constant(null),
    activation: fc.constant(null),
    size: fc.option(fc.integer({ min: 1, max: 4096 })),
  },
  { noNullPrototype: true },
)

const start = fc.constantFrom(
  { weights: null, head: null },
  { weights: 'a.pth', head: 'keep' as const },
  { weights: 'b.safetensors', head: 'drop' as const },
)

const config: fc.Arbitrary<TrainConfig> = fc
  .tuple(shared, fc.oneof(mlp, named), start)
  .map(([rest, network, from]) => ({ ...rest, ...network, ...from }))

test('come back from what is written, with the same hash', () => {
  fc.assert(
    fc.property(config, value => {
      assert.equal(TrainConfig.decode(TrainConfig.encode(value)), E.right(value))
      const read = right(TrainConfig.decode(JSON.parse(showTrainConfig(value))))
      assert.equal(read, value)
      assert.is(hashTrainConfig(read), hashTrainConfig(value))
    }),
  )
})

test("are the paper's recipe for its MLP where nothing is given", () => {
  const { data, plugins, ...rest } = right(TrainConfig.decode({ version: 1 }))
  assert.is(data.name, 'mnist')
  assert.equal([...plugins], [])
  assert.equal(rest, {
    version: 1,
    model: 'mlp',
    depth: 9,
    width: 784,
    activation: 'relu',
    weights: null,
    head: null,
    size: null,
    augment: 'none',
    recompute: 'none',
    loss: 'ce',
    epochs: 150,
    batch: 128,
    lr: 0.1,
    lrMin: 1e-4,
    momentum: 0.9,
    weightDecay: 1e-4,
    measureEvery: 10,
    testEvery: 1,
    seed: 0,
  })
})

test('are those of its convolutional networks where one is named', () => {
  const config = right(TrainConfig.decode({ version: 1, model: 'resnet20' }))
  const { depth, width, activation, data, epochs, head } = config
  assert.equal([depth, width, activation, head], [null, null, null, null])
  assert.equal([data.name, epochs], ['cifar10', 200])
  const tuned = right(TrainConfig.decode({ version: 1, model: 'resnet20', weights: 'w.pth' }))
  assert.is(tuned.head, 'keep')
})

test('have one text and hash whatever the order of the keys, and another for another value', () => {
  const one = right(TrainConfig.decode({ version: 1, depth: 3, width: 8 }))
  const other = right(TrainConfig.decode({ width: 8, depth: 3, version: 1 }))
  assert.is(showTrainConfig(one), showTrainConfig(other))
  assert.is.not(hashTrainConfig(one), hashTrainConfig({ ...one, seed: 1 }))
  assert.match(hashTrainConfig(one), /^[0-9a-f]{16}$/)
})

const wrong: ReadonlyArray<readonly [object, RegExp]> = [
  [{}, /c, version: nothing given; give 1/],
  [{ version: 2 }, /c, version: 2 given; give 1/],
  [{ version: 1, epoch: 3 }, /unknown key 'epoch' \(did you mean 'epochs'\?\)/],
  [{ version: 1, depth: 1 }, /c, depth: 1 given; give a whole number from 2 to 1000/],
  [{ version: 1, model: 3 }, /c, model: 3 given; give text/],
  [{ version: 1, model: 'resnet20', depth: 5 }, /c, depth: is for mlp only, not for resnet20/],
  [{ version: 1, model: 'resnet20', width: 5 }, /c, width: is for mlp only/],
  [{ version: 1, model: 'vit_b_32', activation: 'relu' }, /c, activation: is for mlp only/],
  [{ version: 1, size: 32 }, /c, size: mlp takes images of any size/],
  [{ version: 1, head: 'drop' }, /c, head: is of the weights, and there are none/],
  [{ version: 1, augment: 'flip' }, /c, augment: "flip" given; give one of none, crop-flip/],
  [{ version: 1, lr: '0.1' }, /c, lr: "0.1" given; give a number above 0/],
  [{ version: 1, data: 'mnist?split=test' }, /c, data: split=test is given, but training takes/],
  [{ version: 1, data: 'mnist?a=1' }, /c, data: unknown key 'a'/],
  [{ version: 1, plugins: [3] }, /c, plugins\.0: 3 given; give text/],
]

for (const [value, said] of wrong) {
  test(`${JSON.stringify(value)} is refused`, () => {
    const decoded = decodeWith(TrainConfig, inFile('c'), 'see the docs')(value)
    assert.ok(E.isLeft(decoded))
    assert.match(showFault(decoded.left), said)
  })
}

test.run()

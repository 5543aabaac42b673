// Freezing, skips and heads as functions on models: what patterns mean, how they compose, and that the ways are made of them.
import { pipe } from 'fp-ts/function'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { initModel, modelParameters } from '../../src/models/model.ts'
import {
  allBut,
  among,
  firstBlock,
  freeze,
  movingParts,
  skipConnect,
  skipIndex,
  type TunedModel,
  trainsIn,
  tuneOnly,
  unmatched,
  withHead,
} from '../../src/transfer/tuned-model.ts'
import { allWays, tunedBy } from '../../src/transfer/ways.ts'
import { right } from '../support/engines.ts'
import { tinyResnet } from '../support/tiny.ts'

const test = suite('tuned models')
const init = right(initModel(tinyResnet))
const paths = modelParameters(init).map(([path]) => path)
const trained = (model: TunedModel) => paths.filter(trainsIn(model))

const patterns: ReadonlyArray<readonly [string, string, boolean]> = [
  ['layer4', 'layer4.0.conv1.weight', true],
  ['layer4', 'layer4', true],
  ['layer4', 'layer40.conv1.weight', false],
  ['layer4.*', 'layer4.0.conv1.weight', true],
  ['*.bn1', 'layer1.0.bn1.weight', true],
  ['*.bn1', 'bn1.weight', false],
  ['*bn1', 'bn1.weight', true],
  ['*.bias', 'layer1.0.bn1.bias', true],
  ['layer?', 'layer4.0', false],
  ['a.b', 'aXb', false],
  ['*', 'anything.at.all', true],
]
for (const [pattern, path, meant] of patterns) {
  test(`'${pattern}' ${meant ? 'means' : 'does not mean'} ${path}`, () => {
    assert.is(among(pattern)(path), meant)
    assert.is(allBut(pattern)(path), !meant)
    assert.is(among(['nothing', pattern])(path), meant)
  })
}

test('a model without more trains everything', () => {
  assert.equal(trained(tinyResnet), paths)
})

test('freezing composes, in any order and twice over', () => {
  const once = pipe(tinyResnet, freeze('layer1'), freeze(['layer2', '*.bias']))
  const again = pipe(tinyResnet, freeze(['layer2', '*.bias']), freeze('layer1'), freeze('layer1'))
  assert.equal(trained(once), trained(again))
  assert.equal(
    trained(once),
    paths.filter(p => !/^layer[12]\./.test(p) && !p.endsWith('.bias')),
  )
  assert.equal(trained(tinyResnet), paths)
})

test('what alone is tuned has the classifier with it', () => {
  assert.equal(
    trained(pipe(tinyResnet, tuneOnly('layer3.1'))),
    paths.filter(p => /^(layer3\.1|fc)\./.test(p)),
  )
})

test('a head and a skip leave the rest alone', () => {
  const model = pipe(tinyResnet, withHead(7), skipConnect('layer3.0'), freeze('layer1'))
  assert.is(model.classes, 7)
  assert.is(model.blocks, tinyResnet.blocks)
  assert.is(model.blocks[skipIndex(model) ?? -2]?.name, 'layer3.0')
  assert.is(skipIndex(tinyResnet), undefined)
  assert.is(skipIndex(skipConnect('layer9')(tinyResnet)), -1)
})

test('the first block is the first that moves, or that a skip begins at', () => {
  const first = (model: TunedModel) => tinyResnet.blocks[firstBlock(model, init)]?.name
  assert.is(first(tinyResnet), 'stem')
  assert.is(first(pipe(tinyResnet, tuneOnly('layer3.1'))), 'layer3.1')
  assert.is(first(pipe(tinyResnet, tuneOnly('layer3.1'), skipConnect('layer2.0'))), 'layer2.0')
  assert.is(first(pipe(tinyResnet, tuneOnly('layer3.1'), skipConnect('layer4.0'))), 'layer3.1')
  assert.is(first(pipe(tinyResnet, tuneOnly([]))), undefined)
})

test('a part moves as soon as one parameter of it does', () => {
  const moving = movingParts(pipe(tinyResnet, tuneOnly('layer3.1.conv1')), init)
  assert.equal([...moving].sort(), ['fc', 'layer3.1'])
})

test('the ways are compositions of these', () => {
  const counts = allWays(tinyResnet).map(way => trained(tunedBy(way)(tinyResnet)).length)
  assert.equal(counts, [2, 8, 8, 11, 8, 11, 8, 11, 8, 8, 8, 11, 8, 11, 8, 11, 8, paths.length])
  const [probe] = allWays(tinyResnet)
  assert.equal(probe === undefined ? [] : trained(tunedBy(probe)(tinyResnet)), [
    'fc.weight',
    'fc.bias',
  ])
})

test('patterns that fit nothing are found', () => {
  assert.equal(unmatched(['layer1', 'layr2', '*.bn1', 'bn9'], init), ['layr2', 'bn9'])
})

test.run()

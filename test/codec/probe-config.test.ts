// The config of a layer-wise probe: presets, one source, and decode . encode = id; and its result.
import * as E from 'fp-ts/Either'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { asFlag, decodeWith } from '../../src/codec/decode.ts'
import { ProbeConfig } from '../../src/codec/probe-config.ts'
import { showFault } from '../../src/core/fault.ts'
import { left } from '../support/either.ts'
import { right } from '../support/engines.ts'

const test = suite('probe config')
const base = { version: 1, model: 'resnet18', weights: 'w.pth', data: 'cifar10' }
const decode = (more: object) => decodeWith(ProbeConfig, asFlag, 'see help')({ ...base, ...more })

test('has the presets of a transfer, but for batch norm, which is never adapted', () => {
  const tuned = right(decode({}), showFault)
  assert.equal(
    [tuned.preset, tuned.epochs, tuned.batch, tuned.lr, tuned.lrMin, tuned.tokens],
    ['tuned', 20, 64, 0.01, 0, 'mean'],
  )
  const paper = right(decode({ preset: 'paper', epochs: 3 }), showFault)
  assert.equal([paper.epochs, paper.batch, paper.lr, paper.lrMin], [3, 128, 0.1, 1e-4])
  assert.match(left(decode({ bn: 'adapt' })).what, /unknown key 'bn'/)
})

test('takes exactly one source', () => {
  assert.match(showFault(left(decode({ from: 'runs/x' }))), /--from: a run has its network/)
  assert.match(showFault(left(decode({ weights: null }))), /--weights: give the weights/)
  assert.is(right(decode({ from: 'runs/x', model: null, weights: null })).from, 'runs/x')
})

test('decodes what it encodes', () => {
  const config = right(decode({ tokens: 'class', size: 64, testPerClass: 5, seed: 9 }), showFault)
  assert.equal(ProbeConfig.decode(ProbeConfig.encode(config)), E.right(config))
})

test.run()

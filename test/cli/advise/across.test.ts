// Networks beside each other: by the probe, ties by its interval, and by nc1; one alone has no rank.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { acrossOf } from '../../../cli/advise/across.ts'
import type { NetworkAdvice } from '../../../src/codec/advice.ts'
import { network } from '../../report/advise-fixture.ts'

const test = suite('networks beside each other')

const named = (model: string, probe: number, nc1: number): NetworkAdvice => ({
  ...network,
  model,
  layers: network.layers.map(layer => ({
    ...layer,
    nc1: { value: nc1, low: nc1 / 2, high: 2 * nc1 },
    probe: { value: probe, low: probe - 0.05, high: probe + 0.05 },
  })),
})

test('go by the probe, tied where intervals overlap, and by nc1', () => {
  const across = acrossOf([named('a', 0.6, 2), named('b', 0.8, 3), named('c', 0.75, 4)])
  assert.equal(across?.order, ['b', 'c', 'a'])
  assert.equal(across?.tied, ['b', 'c'])
  assert.equal(across?.byNc1, ['a', 'b', 'c'])
})

test('put last what has no probe', () => {
  const layers = network.layers.map(layer => ({ ...layer, probe: null, nc1: null }))
  const across = acrossOf([{ ...network, model: 'none', layers }, named('a', 0.1, 2)])
  assert.equal(across?.order, ['a', 'none'])
  assert.equal(across?.byNc1, ['a', 'none'])
})

test('need two', () => {
  assert.is(acrossOf([network]), null)
})

test.run()

// What is asked before a probe begins: tokens that are there, and room for the rows of all layers.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { fitting, type ProbeMaterials } from '../../../cli/probe/conduct.ts'
import { ProbeConfig } from '../../../src/codec/probe-config.ts'
import { networkOf } from '../../../src/train/network.ts'
import { left, right } from '../../support/either.ts'
import { tinyImages, tinyResnet } from '../../support/tiny.ts'

const test = suite('a probe before it begins')

const shape = { width: 4, height: 4, channels: 3 }
const materials = (tokens: string): ProbeMaterials => ({
  config: right(ProbeConfig.decode({ version: 1, from: 'runs/a', data: 'cifar10', tokens })),
  network: right(networkOf(tinyResnet, 'net')),
  start: () => ({}),
  said: '',
  train: { ...tinyImages('train', 20, 1), classes: 3, shape },
  test: { ...tinyImages('test', 10, 2), classes: 3, shape },
  plugins: false,
})

test('rows of all layers must fit twice for training and once for testing', () => {
  // Two units each of 4, 8, 16 and 32 values, and the classifier's input of 32.
  const bytes = 4 * (2 * (4 + 8 + 16 + 32) + 32) * (2 * 20 + 10)
  right(fitting(materials('mean'), bytes))
  const { what, mend } = left(fitting(materials('mean'), bytes - 1))
  assert.match(what, /features of all layers take \d+ MiB, and this machine has \d+ MiB/)
  assert.match(mend, /perClass=/)
  assert.match(left(fitting(materials('class'), bytes)).what, /no class token/)
})

test.run()

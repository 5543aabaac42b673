// The command that a page of a probe prints: what the preset sets is left out, what differs is there.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { commandOf } from '../../../cli/probe/page.ts'
import { ProbeConfig } from '../../../src/codec/probe-config.ts'
import { right } from '../../support/either.ts'

const test = suite("the command of a probe's page")
const command = (config: object): string =>
  commandOf(right(ProbeConfig.decode({ version: 1, data: 'cifar10?perClass=5', ...config })))

test('names the network, the data and the preset', () => {
  assert.is(
    command({ from: 'runs/a' }),
    "collapse probe --from runs/a --data 'cifar10?perClass=5' --preset tuned",
  )
})

test('has what differs from the preset', () => {
  assert.is(
    command({
      ...{ model: 'vit_b_32', weights: 'w.pth', size: 64, tokens: 'class', preset: 'paper' },
      ...{ epochs: 200, lr: 0.02, testPerClass: 50, seed: 7 },
    }),
    "collapse probe --model vit_b_32 --weights w.pth --data 'cifar10?perClass=5' --size 64 --tokens class --preset paper --lr 0.02 --test-per-class 50 --seed 7",
  )
})

test.run()

// The command that a page prints: what the preset sets is left out, what differs is there, quoted for a shell.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { commandOf } from '../../../cli/transfer/page.ts'
import { TransferConfig } from '../../../src/codec/transfer-config.ts'
import { right } from '../../support/engines.ts'

const test = suite('the command of a page')
const command = (config: object): string =>
  commandOf(right(TransferConfig.decode({ version: 1, data: 'cifar10?perClass=5', ...config })))

test('names the network, the data, the ways and the preset', () => {
  assert.is(
    command({ model: 'resnet18', weights: 'w.pth' }),
    "collapse transfer --model resnet18 --weights w.pth --data 'cifar10?perClass=5' --method probe,layer,scl,full --preset tuned",
  )
})

test('has what differs from the preset, and patterns in quotes', () => {
  assert.is(
    command({
      ...{ from: 'runs/a', preset: 'paper', bn: 'frozen', lr: 0.02, lrMin: 0, epochs: 200 },
      ...{ train: 'layer4,*.bn1', exclude: 'fc', method: [], block: '1,3', size: 64, seed: 7 },
    }),
    "collapse transfer --from runs/a --data 'cifar10?perClass=5' --size 64 --block 1,3 --train 'layer4,*.bn1' --exclude fc --preset paper --bn frozen --lr 0.02 --lr-min 0 --seed 7",
  )
})

test.run()

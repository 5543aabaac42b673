// What a training run says.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { percent, showEpoch, showFinish, showScore, three } from '../../../cli/train/say.ts'

const test = suite('sayings of a run')

const line = {
  epoch: 3,
  lr: 0.1,
  loss: 0.25,
  trainAccuracy: 0.9,
  testLoss: 0.5,
  testAccuracy: 0.875,
  nc1: [0.125, null],
  seconds: 1,
  imagesPerSecond: 812.4,
}

test('numbers have three digits, shares are percent', () => {
  assert.equal([0, 0.1, 12.345, 1e-5, 123456, 0.001].map(three), [
    '0.00',
    '0.100',
    '12.3',
    '1.00e-5',
    '1.23e+5',
    '0.00100',
  ])
  assert.is(percent(0.12345), '12.35 %')
  assert.is(showScore({ loss: 0.5, accuracy: 1 }), 'loss 0.500, 100.00 %')
})

test('an epoch is a line, with nc1 where it was measured', () => {
  const said = 'epoch 3/9: lr 0.100, loss 0.250, train 90.00 %, test 87.50 %'
  assert.is(showEpoch(line, 9), `${said}, nc1 0.125 -, 812 images/s`)
  assert.is(showEpoch({ ...line, nc1: null }, 9), `${said}, 812 images/s`)
  const unseen = { ...line, nc1: null, testLoss: null, testAccuracy: null }
  assert.is(showEpoch(unseen, 9), said.replace(', test 87.50 %', ', 812 images/s'))
})

test('the end names the last and the best accuracy, nc1 by layer, and the folder', () => {
  const lines = [{ ...line, testAccuracy: 0.9, nc1: null }, line]
  assert.is(
    showFinish(lines, ['layers.0', 'layers.1'], 'runs/x'),
    [
      'test accuracy 87.50 % after 2 epochs, at best 90.00 %',
      'nc1 on the training split:',
      '  layers.0     0.125',
      '  layers.1     -',
      'run folder runs/x',
    ].join('\n'),
  )
})

test.run()

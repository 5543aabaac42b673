// The table of a layer-wise probe: its width, a line for every layer, the correlation in words, what failed.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { probeText } from '../../src/report/probe-text.ts'
import { probeResult } from './probe-fixture.ts'

const test = suite('the table of a probe')

test('has a line for every layer, at most 100 columns wide', () => {
  const lines = probeText(probeResult).split('\n')
  assert.ok(lines.every(line => [...line].length <= 100))
  assert.is(lines[0], 'resnet20: 2,000 images of 10 classes, tested on 1,000')
  assert.ok(
    lines.some(line => /^ {3}1 {2}layer1\.0 +16 {2}31\.00% {2}32\.00% {2}90\.00% /.test(line)),
  )
  assert.ok(lines.some(line => /^ {3}– {2}penultimate +256 {2}71\.00%/.test(line)))
})

test('says in words how nc1 and accuracy go together over the units', () => {
  const text = probeText(probeResult).replaceAll('\n', ' ')
  assert.match(text, /Over 5 units the rank correlation .* is −0\.90 \(Spearman\)/)
  const agreement = { spearman: null, kendall: null, pearson: null }
  assert.match(probeText({ ...probeResult, agreement }), /is not defined/)
})

test('says what failed, and that it was stopped', () => {
  const failed = [{ layer: 'layer3.0', unit: 5, why: 'the loss is not finite in epoch 2' }]
  const text = probeText({ ...probeResult, failed, finished: false })
  assert.match(text, /; stopped on the way$/m)
  assert.match(text, /^The classifier on layer3\.0 failed: the loss is not finite in epoch 2$/m)
})

test.run()

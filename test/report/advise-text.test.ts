// The advice as text: two tables, places in the order, and columns of tuning only where it was tried.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { adviceText, placeOf } from '../../src/report/advise-text.ts'
import { advice, network, tuned, verify } from './advise-fixture.ts'

const test = suite('advice as text')

test('has scores and costs of every layer, and the sentences', () => {
  const text = adviceText(advice)
  assert.match(text, /^500 images, 10 classes of 50; steps of 64 images/)
  assert.match(text, /^ {3}1 +3 +layer3 +64 +2\.00 +1\.67 to 2\.40 +3\.00 +12\.0 +60\.0% +70\.0%/m)
  assert.match(text, /^ {3}1 +3 +layer3 +15,000 +15\.0% +10\.0 MiB +1\.00 +1\.00 s$/m)
  assert.match(text, /^- Tune layer3 first\.$/m)
  assert.not.match(text, /reached/)
})

test('adds what tuning reached', () => {
  const text = adviceText({ ...advice, verify, networks: [tuned] })
  assert.match(text, /layer2 +10,000 .* 84\.00% +1\.00$/m)
})

test('calls units over the budget so, and the classifier input nothing', () => {
  const places = network.layers.map(layer => placeOf({ ...network, over: [1] }, layer))
  assert.equal(places, ['over', '2', '1', ''])
})

test('ranks networks first', () => {
  const across = { order: ['resnet20'], tied: [], byNc1: ['resnet20'], said: ['Take it.'] }
  const text = adviceText({ ...advice, across })
  assert.match(text, /^resnet20 +64 +70\.0% +60\.0% +2\.00 +−0\.143 +4\.50 +−0\.500$/m)
  assert.ok(text.indexOf('Take it.') < text.indexOf('Tune layer3'))
})

test.run()

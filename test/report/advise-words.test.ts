// The advice in sentences: no more than is known, rivals named, budgets, disagreement, and what tuning showed.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { acrossWords, adviceWords } from '../../src/report/advise-words.ts'
import { network, tuned, verify } from './advise-fixture.ts'

const test = suite('advice in words')
const words = (...given: Parameters<typeof adviceWords>): string => adviceWords(...given).join('\n')

test('names the unit with its interval, its rivals, and the scores that favour another', () => {
  const said = words(network, null, null)
  assert.match(
    said,
    /^Tune layer3 \(unit 3\) first: its output is the most collapsed on this data, nc1 2\.00 \(1\.67 to 2\.40\)\.$/m,
  )
  assert.match(said, /does not tell it from layer2 \(unit 2\): on other images/)
  assert.match(said, /^H-score favours it too\.$/m)
  assert.match(said, /^Linear probe favours layer2 \(unit 2\)\.$/m)
  assert.match(said, /LogME 0\.50, H-score 1\.00\.$/m)
  assert.match(said, /a linear probe .* reaches 70\.0% .* \(65\.0% to 75\.0%\)/)
  assert.match(said, /None of this has been tuned/)
})

test('says so where nc1 tells it from all others', () => {
  assert.match(words({ ...network, tied: [3] }, null, null), /nc1 tells it from every other unit/)
})

test('gives the cheapest of those alike its reason', () => {
  const cheap = { ...network, order: [2, 3, 1] }
  assert.match(
    words(cheap, { of: 'params', limit: null }, null),
    /^Tune layer2 \(unit 2\) first: the cheapest in parameters of the units that are alike in nc1, which is 2\.20 .* least at layer3 \(unit 3\)\.$/m,
  )
})

test('says that no unit is within the budget', () => {
  const none = { ...network, over: [3, 2, 1], tied: [] }
  assert.match(words(none, { of: 'bytes', limit: 1 }, null), /^No unit is within the budget/)
})

test('warns where shuffled labels give the same', () => {
  const layers = network.layers.map(layer => ({ ...layer, shuffledNc1: 2.1 }))
  assert.match(words({ ...network, layers }, null, null), /With shuffled labels its nc1 is 2\.10/)
  assert.not.match(words(network, null, null), /shuffled/)
})

test('holds the advice against what tuning reached', () => {
  const said = words(tuned, null, verify)
  assert.match(
    said,
    /Tuned for 5 epochs each and tested on 1,000 images, layer2 with 84\.00% was the best; the advised layer3 reached 80\.00%\./,
  )
  assert.match(said, /Spearman over 3 units\): nc1 0\.50, nearest class mean 1\.00/)
  assert.not.match(said, /None of this/)
  assert.match(
    words({ ...tuned, order: [2, 3, 1] }, null, verify),
    /layer2 with 84\.00%, the advised unit, was the best of all\./,
  )
})

test('tells networks apart no further than their intervals do', () => {
  const found = { order: ['a', 'b'], tied: ['a', 'b'], byNc1: ['b', 'a'] }
  const said = acrossWords(found).join('\n')
  assert.match(said, /overlaps that of b: they are not told apart/)
  assert.match(said, /By nc1 it would be b/)
  assert.match(
    acrossWords({ ...found, tied: ['a'], byNc1: ['a', 'b'] }).join(' '),
    /leaves the others out\. It has the most collapsed/,
  )
})

test.run()

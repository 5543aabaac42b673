// The page of an advice: form, facts, every layer in the table, pictures in words, and no way in for markup.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { renderAdvicePage } from '../../src/report/page-advise.ts'
import { advice, network, tuned, verify } from './advise-fixture.ts'
import { all, checkForm } from './page-form.ts'

const made = { date: '2030-01-02', seconds: 7, command: 'collapse advise --model resnet20' }
const page = await renderAdvicePage({ ...advice, verify, networks: [tuned] }, made)

const form = suite('the page of an advice')
checkForm(form, page, 2 * 2 + 4)

form('names the unit to tune first with what it costs', () => {
  const [facts = ''] = all(page, /<dl class="facts">([\s\S]*?)<\/dl>/g)
  for (const part of ['Tune first', 'layer3', 'unit 3', '15,000', '10.0 MiB', '1.00 s']) {
    assert.ok(facts.includes(part), part)
  }
  assert.match(page, /<p class="said">Tune layer3 first\.<\/p>/)
  assert.match(page, /&lt;b&gt;then&lt;\/b&gt;/)
})

form('has a line for every layer, the best unit of each score in bold', () => {
  const [body = ''] = all(page, /<tbody[^>]*>([\s\S]*?)<\/tbody>/g)
  assert.is(all(body, /(<tr )/g).length, network.layers.length)
  assert.match(body, /data-name="nc1" class="top">2\.00</)
  assert.match(body, /data-name="probe" class="top">75\.0%</)
  assert.match(body, /data-name="reached" class="top">84\.0%</)
  assert.is(all(body, /(data-name="nc1" class="top")/g).length, 1)
})

form('draws what tuning reached only where it was tried', async () => {
  assert.match(page, /after tuning the unit/)
  const plain = await renderAdvicePage(advice, made)
  assert.not.match(plain, /after tuning the unit|data-name="reached"/)
  assert.not.match(plain, /NaN|undefined/)
})

form('does without nc1 and its chart where it is not defined', async () => {
  const layers = network.layers.map(layer => ({ ...layer, nc1: null, shuffledNc1: null }))
  const bare = await renderAdvicePage({ ...advice, networks: [{ ...network, layers }] }, made)
  assert.match(bare, /nc1 is not defined on this data/)
})

form.run()

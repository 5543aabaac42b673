// The page of a layer-wise probe: form, both lines, the scatter, claims on it, every layer, and no way in for markup.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { renderProbePage } from '../../src/report/page-probe.ts'
import type { RunPage } from '../../src/report/page-run.ts'
import { all, checkForm } from './page-form.ts'
import { probeResult } from './probe-fixture.ts'

const given: RunPage = {
  date: '2030-01-02',
  command: "collapse probe --model resnet20 --data 'cifar10?perClass=200'",
  seconds: 12.5,
  settings: [['data', 'cifar10?perClass=200']],
}
const page = await renderProbePage(probeResult, given)

const form = suite('the page of a layer-wise probe')
checkForm(form, page, 4)

form('heads with the network, the best layer and the correlation', () => {
  const [head = ''] = all(page, /<header>([\s\S]*)<\/header>/g)
  for (const part of ['Every layer of resnet20, probed', '71.0%', '0.498', '−0.90', '−0.85']) {
    assert.ok(head.includes(part), part)
  }
})

form('draws both lines, and the units one against the other', () => {
  const alts = all(page, /aria-label="([^"]*)"/g)
  const [lines = ''] = alts.filter(alt => alt.startsWith('Two lines by layer.'))
  assert.match(lines, /accuracy from 31\.0% at layer1\.0 to 71\.0% at penultimate/)
  assert.match(lines, /nc1 on a log scale from 134 at layer1\.0 to 0\.498 at penultimate/)
  assert.ok(alts.some(alt => alt.startsWith('5 points of test accuracy against nc1.')))
})

form('judges the claims of Figures 8 and 14', () => {
  assert.equal(all(page, /<span class="place">(Figure \d+)/g), [
    'Figure 8',
    'Figure 8',
    'Figure 14',
  ])
})

form('has a line for every layer, the best in bold, and every metric', () => {
  const [table = ''] = all(page, /<div class="scroll"[^>]*>([\s\S]*?)<\/div>/g)
  assert.is(all(table, /(<td class="name">)/g).length, 6)
  assert.is(all(table, /(<td class="top">71\.00%)/g).length, 2)
  assert.match(page.replaceAll('<wbr>', ''), /nccMismatch/)
})

form('says that a run was stopped, and what failed', async () => {
  const failed = [{ layer: 'layer3.0', unit: 5, why: 'the loss is not finite in epoch 2' }]
  const html = await renderProbePage({ ...probeResult, finished: false, failed }, given)
  assert.match(html, /stopped on the way/)
  assert.match(html, /The classifier on layer3\.0 failed: the loss is not finite in epoch 2\./)
})

form('writes names as text', async () => {
  const evil = '<img src=x onerror=alert(1)>'
  const rows = probeResult.rows.map(row => ({ ...row, layer: evil }))
  assert.not.match(await renderProbePage({ ...probeResult, rows }, given), /<img/)
})

form('is drawn of one layer, of none, and where nothing was scored', async () => {
  const one = await renderProbePage({ ...probeResult, rows: probeResult.rows.slice(0, 1) }, given)
  assert.not.match(one, /One against the other/)
  const rows = probeResult.rows.map(row => ({ ...row, testAccuracy: null, bestAccuracy: null }))
  const agreement = { spearman: null, kendall: null, pearson: null }
  for (const list of [[], rows]) {
    const html = await renderProbePage({ ...probeResult, rows: list, agreement }, given)
    assert.match(html, /is not defined/)
    assert.not.match(html, /NaN|Infinity|undefined%/)
  }
})

form.run()

// The page of a transfer: form, every row, pictures in words, correlation, and no way in for markup.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { besideFull } from '../../src/codec/transfer-result.ts'
import type { RunPage } from '../../src/report/page-run.ts'
import { renderTransferPage } from '../../src/report/page-transfer.ts'
import { all, checkForm } from './page-form.ts'
import { transferResult } from './transfer-fixture.ts'

const given: RunPage = {
  date: '2030-01-02',
  command: "collapse transfer --model resnet20 --data 'cifar10?perClass=20'",
  seconds: 71.4,
  settings: [['data', 'cifar10?perClass=20']],
}
const result = { ...transferResult, rows: besideFull(transferResult.rows) }
const page = await renderTransferPage(result, given)

const form = suite('the page of a transfer')
checkForm(form, page, 2 + 3 + 2)

form('heads with the network, the settings and the best way', () => {
  const [head = ''] = all(page, /<header>([\s\S]*)<\/header>/g)
  for (const part of ['Transferring resnet20', 'cifar10?perClass=20', '80.0%', '50.0%', '0.300']) {
    assert.ok(head.includes(part), part)
  }
})

form('has a line for every row in both tables, the best in bold', () => {
  const [quality = '', cost = ''] = all(page, /<div class="scroll"[^>]*>([\s\S]*?)<\/div>/g)
  for (const table of [quality, cost]) assert.is(all(table, /(<tr class)/g).length, 5)
  assert.match(quality, /<td class="top">80\.00%<\/td>/)
  assert.match(cost, /<td class="top">29\.0 MiB<\/td>/)
  assert.match(cost, /0\.763×/)
})

form('draws accuracy against nc1 with its correlation', () => {
  const alts = all(page, /aria-label="([^"]*)"/g)
  assert.ok(alts.some(alt => /^5 points of test accuracy against nc1\. Pearson −0\.9/.test(alt)))
  assert.match(page, /Pearson −0\.9\d \(−0\.9\d against log nc1\), Spearman −1\.00/)
})

form('draws a panel for each tuned unit, each own choice, and the whole network', () => {
  assert.equal(all(page, /<h3><span class="soft">tuned:<\/span> ([^<]*)<\/h3>/g), [
    'layer2.0',
    'layer3,*.bn1',
    'the whole network',
  ])
})

form('draws the bytes of every way', () => {
  const alts = all(page, /aria-label="([^"]*)"/g)
  const [bars = ''] = alts.filter(alt => alt.startsWith('Bars of planned bytes'))
  assert.match(bars, /Linear probe 34\.0 MiB, Layer FT 2 37\.0 MiB, SCL FT 2 40\.0 MiB/)
})

form("has every metric of the sum and of the encoder's own", () => {
  assert.match(page.replaceAll('<wbr>', ''), /SCL FT of layer2\.0, own/)
})

form('says that frozen arrays were found identical, and that a run was stopped', async () => {
  assert.match(page, /In 4 of 5 ways 60 arrays or more were frozen; each was found bit-identical/)
  const stopped = await renderTransferPage({ ...result, finished: false }, given)
  assert.match(stopped, /stopped on the way/)
})

form('writes names as text', async () => {
  const evil = '<img src=x onerror=alert(1)>'
  const rows = result.rows.map(row => ({ ...row, layer: row.layer === null ? null : evil }))
  const html = await renderTransferPage({ ...result, rows, units: [evil, 'b', 'c'] }, given)
  assert.not.match(html, /<img/)
})

form('is drawn for one row too', async () => {
  const one = await renderTransferPage({ ...result, rows: result.rows.slice(0, 1) }, given)
  assert.match(one, /Pearson undefined/)
})

form.run()

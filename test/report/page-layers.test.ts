// The page of a network's layers: form, every value, what is missing, and no way in for markup.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { LayerReport } from '../../src/collapse/layer-report.ts'
import { metricNames } from '../../src/collapse/measure.ts'
import { significant } from '../../src/report/format.ts'
import { escapeHtml } from '../../src/report/html.ts'
import { type LayersPage, renderLayersPage } from '../../src/report/page-layers.ts'
import { layers, penultimate } from './layers-fixture.ts'
import { all, checkForm } from './page-form.ts'

const given: LayersPage = {
  subject: 'resnet20',
  layers,
  settings: [
    ['weights', 'resnet20.safetensors'],
    ['data', 'cifar10?perClass=200'],
    ['split', 'train'],
    ['pooling', 'mean over places'],
  ],
  device: [['adapter', 'llvmpipe']],
  date: '2 January 2030',
  command: "collapse measure --model resnet20 --data 'cifar10?perClass=200'",
  seconds: 71.4,
}
const page = await renderLayersPage(given)
const single = await renderLayersPage({ ...given, subject: 'f.npz', layers: [penultimate] })

const form = suite('the page of layers')
checkForm(form, page, 2 + 7)
form('heads with the network, its weights, the data, the split and the pooling', () => {
  assert.match(page, /<h1>Neural collapse in resnet20, layer by layer<\/h1>/)
  const [head = ''] = all(page, /<header>([\s\S]*)<\/header>/g)
  for (const [name, value] of given.settings) {
    assert.ok(head.includes(`<dt>${name}</dt><dd>${escapeHtml(value)}</dd>`), name)
  }
})
form('has every value of every metric at every layer', () => {
  const [body = ''] = all(page, /<tbody role="rowgroup">([\s\S]*?)<\/tbody>/g)
  const rows = body.split('</tr>')
  for (const [i, layer] of layers.entries()) {
    assert.match((rows[i] ?? '').replaceAll('<wbr>', ''), new RegExp(`>${layer.layer}</th>`))
    for (const name of metricNames) {
      const value = layer[name]
      const shown = value === null ? '–' : significant(value, 4)
      const [cell] = all(rows[i] ?? '', new RegExp(`data-name="${name}"[^>]*>([^<]*)<`, 'g'))
      assert.is(cell, shown, `${name} of ${layer.layer}`)
    }
  }
})
form('draws every metric that has a line, with the null baseline beside nc1', () => {
  const alts = all(page, /aria-label="([^"]*)"/g)
  const [nc1 = ''] = alts.filter(alt => /^Line of nc1 /.test(alt))
  assert.match(nc1, /from 134 at layer1\.0 to 0\.498 at penultimate\. Broken line: nc1 without/)
  for (const name of ['cdnv', 'numericalRank', 'etfDistance', 'equinorm', 'equiangularity'])
    assert.ok(
      alts.some(alt => alt.startsWith(`Line of ${name} (`)),
      name,
    )
  assert.not.ok(alts.some(alt => /selfDuality|nccMismatch/.test(alt)))
})
form('says how to repeat it, on what it ran, and when', () => {
  for (const text of [given.command, '2 January 2030', '1 min 11 s', 'llvmpipe'])
    assert.ok(page.includes(escapeHtml(text)), text)
})
form('is the same for the same result', async () => {
  assert.is(await renderLayersPage(given), page)
})
form.run()

const one = suite('the page of one set of features')
checkForm(one, single, 0)
one('has a line for each metric, with what it is, and no picture', () => {
  for (const name of metricNames)
    assert.ok(single.replaceAll('<wbr>', '').includes(`<th class="name" scope="row">${name}</th>`))
  assert.match(single, /tr\(Σ<sub>W<\/sub> Σ<sub>B<\/sub><sup>†<\/sup>\) \/ K/)
  assert.not.match(single, /<svg/)
})
one.run()

const safety = suite('what comes from data')
safety('is escaped everywhere', async () => {
  const evil = `<img src=x onerror=alert(1)>"'&</style><script>`
  const text = await renderLayersPage({
    subject: evil,
    layers: layers.map((layer, i) => ({ ...layer, layer: `${evil}${i}` })),
    settings: [[evil, evil]],
    device: [[evil, evil]],
    date: evil,
    command: evil,
    seconds: 1,
  })
  assert.not.match(text, /<img|<script/)
  assert.is(text.split('</style>').length, 2)
  for (const attributes of all(text, /<(?:svg|text|g|path|td|th) ([^<>]*)>/g))
    assert.not.match(attributes.replace(/"[^"]*"/g, ''), /onerror|alert/)
})
safety('may be missing, zero or not finite without breaking the page', async () => {
  const blank = (value: number | null) => (layer: LayerReport) => ({
    ...layer,
    ...Object.fromEntries(metricNames.map(name => [name, value])),
  })
  for (const value of [null, 0, Number.POSITIVE_INFINITY, Number.NaN]) {
    const text = await renderLayersPage({ ...given, layers: layers.map(blank(value)) })
    assert.match(text, /<\/html>/)
    assert.not.match(text, /NaN|Infinity|undefined</)
  }
  assert.match(await renderLayersPage({ ...given, layers: [] }), /<\/html>/)
})
safety.run()

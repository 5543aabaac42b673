// The page: one file that fetches nothing and runs nothing, with every claim, run and picture, and no way in for markup.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { DemoResult } from '../../src/experiments/demo-result.ts'
import { judgeClaims } from '../../src/report/claims.ts'
import { escapeHtml } from '../../src/report/html.ts'
import { renderDemoPage } from '../../src/report/page.ts'
import { demoResult } from './fixture.ts'
import { all, checkForm } from './page-form.ts'

const options = { date: '2 January 2030', command: 'npm start -- --seed 1', seconds: 71.4 }
const page = await renderDemoPage(demoResult, options)

const form = suite('the page')
checkForm(form, page, 6 + 7)
form('colours every epoch and every method', () => {
  assert.match(page, /var\(--epoch-5\)/)
  assert.match(page, /var\(--scl\)/)
})
form('has every claim with its verdict, and every run', () => {
  for (const { claim, seen } of judgeClaims(demoResult)) {
    assert.ok(page.includes(escapeHtml(claim)), claim)
    assert.ok(page.includes(escapeHtml(seen)), seen)
  }
  assert.is(all(page, /<li class="(held|partly|not-held)">/g).length, 14)
  assert.is(all(page, /(<td class="name"><svg)/g).length, demoResult.transfer.length)
})
form('says how to repeat it, on what it ran, and when', () => {
  const facts = ['npm start -- --seed 1', '2 January 2030', '1 min 11 s', 'llvmpipe (LLVM 19.1.7']
  for (const text of [...facts, 'transfer.schedule', 'mnist?classes=5-9&amp;perClass=100'])
    assert.ok(page.includes(text), text)
})
form('is the same for the same result', async () => {
  assert.is(await renderDemoPage(demoResult, options), page)
})
form.run()

const evil = `<img src=x onerror=alert(1)>"'&</style><script>`
const poisoned: DemoResult = {
  ...demoResult,
  engine: { ...demoResult.engine, adapter: evil, driver: evil, vendor: evil },
  config: { [evil]: evil, nested: { [evil]: [evil] } },
  layers: demoResult.layers.map((_, i) => `${evil}${i}`),
  transfer: demoResult.transfer.map(row => ({
    ...row,
    layer: row.layer === null ? null : `${evil}${demoResult.layers.indexOf(row.layer)}`,
  })),
  layerProbes: demoResult.layerProbes.map((probe, i) => ({ ...probe, layer: `${evil}${i}` })),
}

const safety = suite('what comes from data')
safety('is escaped everywhere', async () => {
  const text = await renderDemoPage(poisoned, {
    date: evil,
    command: evil,
    seconds: 1,
    subject: evil,
  })
  assert.not.match(text, /<img|<script/)
  assert.is(text.split('</style>').length, 2)
  assert.ok(text.includes(escapeHtml(evil)))
  for (const attributes of all(text, /<(?:svg|text|g|path) ([^<>]*)>/g))
    assert.not.match(attributes.replace(/"[^"]*"/g, ''), /onerror|alert/)
})
safety('may be missing or not finite without breaking the page', async () => {
  const bare = { ...demoResult, source: [], transfer: [], layerProbes: [], config: {} }
  assert.match(await renderDemoPage(bare, options), /<\/html>/)
  const wild = await renderDemoPage(
    {
      ...demoResult,
      source: demoResult.source.map(epoch => ({ ...epoch, nc1: epoch.nc1.map(() => Number.NaN) })),
      transfer: demoResult.transfer.map(row => ({ ...row, penultimateNc1: 0, nc1: [0, 1] })),
      layerProbes: demoResult.layerProbes.map(probe => ({
        ...probe,
        nc1: Number.POSITIVE_INFINITY,
      })),
    },
    options,
  )
  assert.not.match(wild, /NaN|Infinity|undefined</)
})
safety.run()

// Pictures drawn for real: what must be in the SVG, and that the same marks mean the same everywhere.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { epochsChart, panelChart, panelScale, panelsOf } from '../../src/report/chart-collapse.ts'
import {
  layerScatter,
  methodScatter,
  scatterChart,
  scatterCorrelations,
} from '../../src/report/chart-scatter.ts'
import { drawSvg } from '../../src/report/svg.ts'
import { demoResult } from './fixture.ts'

const size = { width: 600, height: 360 }
const count = (text: string, pattern: RegExp): number => [...text.matchAll(pattern)].length
const texts = (svg: string): ReadonlyArray<string> =>
  [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text ?? '')

const charts = suite('charts')
charts('of the epochs have a line for each and a point for each layer', async () => {
  const svg = await drawSvg(epochsChart(demoResult, size))
  demoResult.source.forEach((_, i) => {
    assert.is(count(svg, new RegExp(`stroke="var\\(--epoch-${i}\\)"`, 'g')) >= 1, true)
    assert.is(count(svg, new RegExp(`fill="var\\(--epoch-${i}\\)"`, 'g')), demoResult.layers.length)
  })
  for (const layer of demoResult.layers) assert.ok(texts(svg).includes(layer), layer)
  assert.ok(texts(svg).includes('0.1'))
})
charts('put later epochs lower where nc1 falls', async () => {
  const svg = await drawSvg(epochsChart(demoResult, size))
  const lastY = (i: number): number =>
    Number(svg.match(new RegExp(`d="[^"]*,([\\d.]+)" stroke="var\\(--epoch-${i}\\)"`))?.[1])
  const ends = demoResult.source.map((_, i) => lastY(i))
  ends.slice(1).forEach((y, i) => {
    assert.ok(y > (ends[i] ?? 0), `${ends}`)
  })
})
charts('have the size that was asked for and no colour of their own', async () => {
  const svg = await drawSvg(scatterChart(layerScatter(demoResult), size))
  assert.match(svg, /width="600" height="360"/)
  assert.not.match(svg, /#[0-9a-f]{3,6}/i)
})
charts('of one tuned layer show the probe, both ways, and the classifier input', async () => {
  const [panel] = panelsOf(demoResult)
  assert.ok(panel !== undefined)
  if (panel === undefined) return
  const chart = panelChart(panel, demoResult.layers, panelScale(demoResult), size)
  const svg = await drawSvg(chart)
  for (const method of ['probe', 'layer', 'scl'])
    assert.is(
      count(svg, new RegExp(`fill="var\\(--${method}\\)"`, 'g')),
      demoResult.layers.length + 1,
    )
  assert.ok(texts(svg).includes('in'))
  assert.match(chart.alt, /Linear probe 7\.58, Layer FT 0\.0810, SCL FT 0\.0520/)
})
charts('come one for each tuned layer, and one for the whole network', () => {
  assert.equal(
    panelsOf(demoResult).map(({ layer, rows }) => [layer, rows.length]),
    [...demoResult.layers.map(layer => [layer, 3]), [null, 2]],
  )
})
charts('of accuracy label every point and draw the fitted line', async () => {
  const layers = await drawSvg(scatterChart(layerScatter(demoResult), size))
  for (const layer of demoResult.layers) assert.ok(texts(layers).includes(layer), layer)
  assert.is(count(layers, /stroke-dasharray="4,4"/g), 1)
  const methods = await drawSvg(scatterChart(methodScatter(demoResult), size))
  assert.is(count(methods, /fill="var\(--(probe|layer|scl|full)\)"/g), demoResult.transfer.length)
  assert.is(texts(methods).filter(text => text === '3').length, 2)
})
charts('say which correlation they show', () => {
  const { plain, log } = scatterCorrelations(methodScatter(demoResult))
  assert.is(plain.rho, log.rho)
  assert.ok((plain.r ?? 0) < -0.8 && (log.r ?? 0) < (plain.r ?? 0))
  assert.match(scatterChart(layerScatter(demoResult), size).alt, /^6 points .* Pearson −0\.99/)
})
charts.run()

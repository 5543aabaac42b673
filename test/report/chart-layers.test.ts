// Charts of layers drawn for real: points, the broken baseline, names on the axis, ends at perfect collapse.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { drawnMetrics, isDrawable, metricChart, nc1Chart } from '../../src/report/chart-layers.ts'
import { drawSvg } from '../../src/report/svg.ts'
import { layers, units } from './layers-fixture.ts'

const size = { width: 660, height: 390 }
const count = (text: string, pattern: RegExp): number => [...text.matchAll(pattern)].length
const texts = (svg: string): ReadonlyArray<string> =>
  [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text ?? '')

const test = suite('charts of layers')

test('of nc1 have a point for each layer, and a broken line without points for the baseline', async () => {
  const svg = await drawSvg(nc1Chart(layers, size))
  assert.is(count(svg, /fill="var\(--layer\)"/g), layers.length)
  assert.is(count(svg, /fill="var\(--probe\)"/g), 0)
  assert.is(count(svg, /stroke="var\(--probe\)"[^>]*stroke-dasharray="5,3"/g), 1)
  for (const name of ['layer1.0', 'layer3.0', 'in']) assert.ok(texts(svg).includes(name), name)
})

test('use numbers where names have no room', async () => {
  const svg = await drawSvg(nc1Chart(layers, { width: 350, height: 310 }))
  assert.ok(texts(svg).includes('1') && texts(svg).includes('in'))
  assert.not.ok(texts(svg).includes('layer1.0'))
})

test('leave out what a layer has not', async () => {
  const gap = layers.map((layer, i) => (i === 2 ? { ...layer, nc1: null } : layer))
  assert.is(count(await drawSvg(nc1Chart(gap, size)), /fill="var\(--layer\)"/g), layers.length - 1)
  assert.not.ok(isDrawable(units, 'selfDuality'))
  assert.not.ok(isDrawable(layers, 'selfDuality'))
  assert.ok(isDrawable(units, 'cdnv'))
})

test('of the other metrics begin at perfect collapse where they are linear', async () => {
  for (const metric of drawnMetrics.filter(({ kind }) => kind === 'linear')) {
    const svg = await drawSvg(metricChart(layers, metric, { width: 260, height: 200 }))
    assert.ok(texts(svg).includes(String(metric.collapsed)), metric.name)
  }
})

test.run()

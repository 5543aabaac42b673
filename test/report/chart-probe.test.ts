// Accuracy and nc1 in one picture: two axes, colours of the theme, names or numbers of the layers, values that are missing.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { probeChart, probeScatter } from '../../src/report/chart-probe.ts'
import { drawSvg } from '../../src/report/svg.ts'
import { probeResult } from './probe-fixture.ts'

const test = suite('the picture of a probe')
const { rows } = probeResult
const large = { width: 660, height: 390 }

test('has an axis for each line, in its colour', async () => {
  const svg = await drawSvg(probeChart(rows, large))
  for (const text of ['test accuracy', 'nc1, log scale', '40%', '100']) {
    assert.ok(svg.includes(`>${text}<`), text)
  }
  assert.match(svg, /stroke="var\(--layer\)"/)
  assert.match(svg, /stroke="var\(--scl\)"[^>]*stroke-dasharray="5,3"/)
  assert.match(svg, /fill="var\(--scl\)"[^>]*>nc1, log scale</)
})

test('names the layers where there is room, and gives their numbers where there is none', async () => {
  const wide = await drawSvg(probeChart(rows, { width: 1200, height: 390 }))
  for (const { layer, unit } of rows) assert.ok(wide.includes(`>${unit === null ? 'in' : layer}<`))
  const narrow = await drawSvg(probeChart(rows, { width: 350, height: 310 }))
  assert.not.ok(narrow.includes('>layer1.0<'))
  assert.ok(narrow.includes('>5<') && narrow.includes('>in<'))
})

test('keeps the numbers of units where some have no row', () => {
  const { spec } = probeChart(rows.slice(2), { width: 350, height: 310 })
  assert.match(JSON.stringify(spec), /"domain":\["3","4","5","in"\]/)
})

test('leaves out what has no value', async () => {
  const some = rows.map((row, i) => ({ ...row, nc1: i === 1 ? null : row.nc1 }))
  const points = (svg: string): number => [...svg.matchAll(/aria-roledescription|<path /g)].length
  const [all, less] = [
    await drawSvg(probeChart(rows, large)),
    await drawSvg(probeChart(some, large)),
  ]
  assert.is(points(all) - points(less), 1)
  assert.is(probeScatter({ ...probeResult, rows: some }).points.length, 4)
})

test.run()

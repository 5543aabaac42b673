// The charts of an advice: the interval broken around nc1, points where layers have values.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { accuracyChart, costChart, isDrawn, nc1AdviceChart } from '../../src/report/chart-advise.ts'
import { drawSvg } from '../../src/report/svg.ts'
import { network, tuned } from './advise-fixture.ts'

const size = { width: 660, height: 390 }
const count = (text: string, pattern: RegExp): number => [...text.matchAll(pattern)].length

const test = suite('charts of an advice')

test('of nc1 have a point for each layer, and broken lines for the interval and shuffled labels', async () => {
  const svg = await drawSvg(nc1AdviceChart(network.layers, size))
  assert.is(count(svg, /fill="var\(--layer\)"/g), network.layers.length)
  assert.is(count(svg, /stroke="var\(--layer\)"[^>]*stroke-dasharray="5,3"/g), 2)
  assert.is(count(svg, /stroke="var\(--probe\)"[^>]*stroke-dasharray="5,3"/g), 1)
})

test('of accuracy have the tuned units where there are any', async () => {
  const [plain, after] = await Promise.all(
    [network, tuned].map(({ layers }) => drawSvg(accuracyChart(layers, size))),
  )
  assert.is(count(plain ?? '', /fill="var\(--full\)"/g), 0)
  assert.is(count(after ?? '', /fill="var\(--full\)"/g), network.layers.length)
})

test('of costs say their ends in words', () => {
  const { alt } = costChart(network.layers, 'parameters', size)
  assert.match(alt, /parameters from 5,000 to 650/)
})

test('need two values', () => {
  assert.not.ok(isDrawn([null, 3, null]))
  assert.ok(isDrawn([1, null, 3]))
})

test.run()

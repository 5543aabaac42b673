// Lines over layers: names that fit, colours kept apart.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { linesSpec, tickNames } from '../../src/report/chart-lines.ts'
import { linearScale } from '../../src/report/scales.ts'
import { drawSvg } from '../../src/report/svg.ts'

const test = suite('lines over layers')
const size = { width: 660, height: 390 }

test('name as many layers as they have, by number where names repeat', () => {
  assert.equal(tickNames(['a', 'b'], 100), ['a', 'b'])
  assert.equal(tickNames(['a', 'a'], 100), ['1', '2'])
  assert.equal(tickNames(['a long name', 'b'], 100), ['1', '2'])
})

test('keep the colours apart, and leave out what is null', async () => {
  const series = ['red', 'blue'].map((colour, i) => ({
    name: colour,
    colour: `var(--${colour})`,
    values: [i, i + 1, null, i + 2],
  }))
  const names = ['a', 'b', 'c', 'd']
  const axes = { names, x: '', y: '', scale: linearScale([0, 3]) }
  const svg = await drawSvg({ spec: linesSpec(series, axes, size), alt: 'lines' })
  for (const { colour } of series) assert.is(svg.split(`fill="${colour}"`).length - 1, 3)
})

test.run()

// The table of layers: bold for what is most collapsed, no bold where layers cannot be compared.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { layersTable, metricsTable } from '../../src/report/layers-table.ts'
import { layers, penultimate, units } from './layers-fixture.ts'

const test = suite('the table of layers')

test('sets the smallest of each metric in bold, but of traces and of the baseline', () => {
  const bold = [...layersTable(layers).text.matchAll(/data-name="(\w+)" class="top">([^<]*)</g)]
  const names = new Set(bold.map(([, name]) => name))
  assert.equal(
    [...names].sort(),
    ['cdnv', 'equiangularity', 'equinorm', 'etfDistance', 'nc1', 'numericalRank'].sort(),
  )
  assert.equal(
    bold.flatMap(([, name, value]) => (name === 'nc1' ? [value] : [])),
    ['0.4976', '0.4976'],
  )
})

test('marks what has no value, and leaves out what no layer has', () => {
  assert.match(layersTable(layers).text, /data-name="selfDuality" class="none">–</)
  assert.not.match(layersTable(units).text, /selfDuality/)
})

test('lets long names break after dots and before capitals', () => {
  const [first] = units
  if (first === undefined) return assert.unreachable()
  const text = layersTable([{ ...first, layer: 'features.denseblock1' }, first]).text
  assert.match(text, />features\.<wbr>denseblock1</)
  assert.match(text, />numerical<wbr>Rank</)
})

test('of one layer shows the values of perfect collapse beside its own', () => {
  assert.match(
    metricsTable(penultimate).text,
    /numerical<wbr>Rank<\/th><td>1\.125<\/td><td>1<\/td>/,
  )
})

test.run()

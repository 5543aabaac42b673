// Reports as text: a line for each layer, a column for each metric that one has.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { formatLayers, formatReport } from '../../src/report/measure-text.ts'
import { layers, penultimate, units } from './layers-fixture.ts'

const test = suite('reports as text')

test('of layers have a line each, and no column that is empty', () => {
  const lines = formatLayers(layers).split('\n')
  assert.is(lines[0], '2000 images of 10 classes of 200 samples each')
  assert.is(lines.length, 4 + layers.length)
  assert.match(lines[4] ?? '', /^ +1 {2}layer1\.0 +16 +133\.7 +1499 /)
  assert.match(lines.at(-1) ?? '', /^ +penultimate +256 +0\.4976 .* 0\.43 +0\.0267 /)
  assert.match(formatLayers(layers), /selfDuality/)
  assert.not.match(formatLayers(units), /selfDuality/)
})

test('of one have sizes, and what is missing with its reason', () => {
  const text = formatReport({ ...penultimate, nullNc1: null })
  assert.match(
    text,
    /^2000 features of width 256, 10 classes of 200 samples each, rank of Sigma_B 9/,
  )
  assert.match(text, /^numericalRank +1\.125 +1 /m)
  assert.match(text, /^nullNc1 +- +NC1 that.*\(needs classes of equal size/m)
})

test.run()

// Notes on the layers: right figures, and silence where there is nothing to say.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { layerNotes, mostCollapsed } from '../../src/report/layer-notes.ts'
import { layers, penultimate, units } from './layers-fixture.ts'

const test = suite('notes on layers')

test('tell the course along the units, the deepest collapse, the baseline and the classifier', () => {
  const said = layerNotes(layers).map(note => note.said)
  assert.equal(said, [
    'nc1 falls at 3 of 4 steps.',
    'layer3.0 is the most collapsed, with nc1 0.498.',
    'At penultimate nc1 is 0.5% of the baseline.',
    'The classifier differs from the nearest class centre on 2.7% of the images.',
  ])
  assert.match(layerNotes(layers)[0]?.seen ?? '', /multiplies nc1 by 0\.2\d* per layer; R² is 0\.9/)
})

test('tell a baseline that is exceeded by its multiple', () => {
  const above = layerNotes([{ ...penultimate, nullNc1: 0.2488 }]).map(({ said }) => said)
  assert.ok(above.includes('At penultimate nc1 is 2.00 times the baseline.'), above.join())
})

test('find the layer with the smallest nc1, the first of equals, none without nc1', () => {
  assert.is(mostCollapsed(layers)?.layer, 'layer3.0')
  assert.is(mostCollapsed(layers.map(layer => ({ ...layer, nc1: null }))), undefined)
})

test('say that there is no baseline, and nothing of what was not computed', () => {
  const bare = units.map(layer => ({ ...layer, nullNc1: null, cdnv: null, numericalRank: null }))
  const notes = layerNotes(bare)
  assert.equal(notes.map(({ said }) => said).slice(-1), ['There is no baseline at the last layer.'])
  assert.is(notes.find(({ said }) => /most collapsed/.test(said))?.seen, '')
  assert.equal(layerNotes(units.map(layer => ({ ...layer, nc1: null }))), [])
  assert.is(layerNotes([penultimate]).length, 2)
})

test.run()

// Texts of the metrics: all of them, why one is missing, class sizes, and formulas that let no markup in.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { metricNames } from '../../src/collapse/measure.ts'
import {
  classSizes,
  formulae,
  meaningIn,
  metricsOf,
  metricTexts,
} from '../../src/report/metric-texts.ts'
import { layers, penultimate, units } from './layers-fixture.ts'

const test = suite('texts of metrics')

test('exist for every metric once', () => {
  assert.equal(metricTexts.map(({ name }) => name).sort(), [...metricNames].sort())
})

test('say why a value is missing, and only then', () => {
  const text = metricTexts.find(({ name }) => name === 'selfDuality')
  if (text === undefined) return assert.unreachable()
  assert.is(meaningIn(penultimate, text), text.meaning)
  assert.match(meaningIn({ ...penultimate, selfDuality: null }, text), /\(needs an array weight/)
})

test('are those of metrics that a report has', () => {
  assert.is(metricsOf(layers).length, metricNames.length)
  assert.equal(
    metricTexts.filter(text => !metricsOf(units).includes(text)).map(({ name }) => name),
    ['selfDuality', 'nccMismatch'],
  )
})

test('tell classes of one size from others', () => {
  assert.is(classSizes(penultimate), '200 samples each')
  assert.is(classSizes({ ...penultimate, perClass: [7, 1300, 9] }), '7 to 1,300 samples each')
})

test('set formulas, and escape what is none', () => {
  assert.is(formulae('tr Sigma_B^+ <b>').text, 'tr Σ<sub>B</sub><sup>†</sup> &lt;b&gt;')
})

test.run()

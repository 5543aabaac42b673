// Metric errors in words: each one line that says what is wrong and how to mend it.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import {
  badLabel,
  badShape,
  centralMean,
  emptyClass,
  equalMeans,
  faultOfMetric,
  noBetweenClass,
  notDefined,
  notFinite,
  oneClass,
  overflow,
  showMetricError,
  zeroFeatures,
} from '../../src/collapse/metric-error.ts'
import { showFault } from '../../src/core/fault.ts'

const test = suite('metric errors')

test('are shown each on one line of its own', () => {
  const shown = [
    badLabel(3, -1),
    badShape('2 labels for 3 features'),
    centralMean(1),
    emptyClass(2),
    equalMeans(0, 1),
    noBetweenClass,
    notDefined('needs weight [K, d]'),
    notFinite(7),
    oneClass,
    overflow('a sum of features'),
    zeroFeatures(0),
  ].map(showMetricError)
  assert.is(new Set(shown).size, shown.length)
  assert.ok(shown.every(line => /^[^\n]{10,120}$/.test(line)))
})

test('become faults that name the place', () => {
  assert.match(showFault(faultOfMetric('a.npy')(notFinite(7))), /^a\.npy: NaN or Inf .* row 7; /)
})

test.run()

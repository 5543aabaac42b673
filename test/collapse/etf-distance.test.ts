// NC2, distance of the class means to a simplex ETF: golden values, invariances, degenerate input.
import { suite } from 'uvu'
import { etfDistance } from '../../src/collapse/etf-distance.ts'
import { near, right } from '../support/index.ts'
import { checkMeansMetric } from '../support/means-metric.ts'

const test = suite('etfDistance')

checkMeansMetric(test, 'etfDistance', etfDistance)

test('is sqrt(2 - 2/sqrt(K-1)) where all class means lie on one line through h_G', () => {
  const features = { data: Float64Array.of(-1, 0, 1, -1, 0, 1), n: 6, d: 1 }
  near(right(etfDistance(features, [0, 1, 2, 0, 1, 2])), Math.sqrt(2 - 2 / Math.sqrt(2)), 1e-12)
})

test.run()

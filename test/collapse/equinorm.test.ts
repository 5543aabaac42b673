// NC2, spread of the lengths of the centred class means: golden values, invariances, degenerate input.
import { suite } from 'uvu'
import { equinorm } from '../../src/collapse/equinorm.ts'
import { near, right } from '../support/index.ts'
import { checkMeansMetric } from '../support/means-metric.ts'

const test = suite('equinorm')

checkMeansMetric(test, 'equinorm', equinorm)

test('is std / mean with the divisor K - 1', () => {
  const features = { data: Float64Array.of(-3, 1, 2), n: 3, d: 1 }
  near(right(equinorm(features, [0, 1, 2])), 1 / 2, 1e-12)
})

test.run()

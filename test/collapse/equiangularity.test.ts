// NC2, spread of the angles between centred class means: golden values, invariances, degenerate input.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { equiangularity } from '../../src/collapse/equiangularity.ts'
import { left } from '../support/index.ts'
import { checkMeansMetric } from '../support/means-metric.ts'

const test = suite('equiangularity')

checkMeansMetric(test, 'equiangularity', equiangularity)

test('has no value where one class mean is the global mean', () => {
  const features = { data: Float64Array.of(-1, 0, 1), n: 3, d: 1 }
  assert.equal(left(equiangularity(features, [0, 1, 2])), { _tag: 'CentralMean', label: 1 })
})

test.run()

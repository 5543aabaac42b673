// The result of a layer-wise probe: decode . encode = id on a whole result, also where nothing was scored.
import * as E from 'fp-ts/Either'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { ProbeResult } from '../../src/codec/probe-result.ts'
import { probeResult } from '../report/probe-fixture.ts'

const test = suite('probe result')

const through = (result: ProbeResult) =>
  ProbeResult.decode(JSON.parse(JSON.stringify(ProbeResult.encode(result))))

test('decodes what it encodes', () => {
  assert.equal(through(probeResult), E.right(probeResult))
})

test('has null for what was not scored or is not defined', () => {
  const rows = probeResult.rows.map(row => ({ ...row, testAccuracy: null, nc1: null }))
  const unscored = {
    ...{ ...probeResult, rows, finished: false },
    agreement: { spearman: null, kendall: null, pearson: null },
  }
  assert.equal(through(unscored), E.right(unscored))
})

test('refuses a row without its layer', () => {
  const encoded = JSON.parse(JSON.stringify(ProbeResult.encode(probeResult)))
  encoded.rows[0].layer = undefined
  assert.ok(E.isLeft(ProbeResult.decode(encoded)))
})

test.run()

// The result of a transfer: what is beside full fine-tuning, and decode . encode = id on a whole result.
import * as E from 'fp-ts/Either'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { besideFull, TransferResult } from '../../src/codec/transfer-result.ts'
import { transferResult } from '../report/transfer-fixture.ts'

const test = suite('transfer result')

const closeTo = (a: number, b: number): void =>
  assert.ok(Math.abs(a - b) <= 1e-12 * Math.abs(b), `${a} ${b}`)

test('decodes what it encodes', () => {
  const text = JSON.stringify(TransferResult.encode(transferResult))
  assert.equal(TransferResult.decode(JSON.parse(text)), E.right(transferResult))
})

test('refuses a row that was not proved', () => {
  const encoded = JSON.parse(JSON.stringify(TransferResult.encode(transferResult)))
  encoded.rows[0].frozen.identical = false
  assert.ok(E.isLeft(TransferResult.decode(encoded)))
})

test('rows stand beside full fine-tuning, the data left out of the bytes', () => {
  const [probe, , , , full] = transferResult.rows
  if (probe === undefined || full === undefined) throw new Error('no rows')
  const [beside] = besideFull(transferResult.rows)
  assert.ok(beside?.againstFull)
  const { testAccuracy, nc1, bytes, seconds, trainedParameters } = beside?.againstFull ?? {}
  closeTo(testAccuracy ?? 0, probe.testAccuracy - full.testAccuracy)
  closeTo(nc1 ?? 0, (probe.penultimateNc1 ?? 0) / (full.penultimateNc1 ?? 1))
  closeTo(bytes ?? 0, (probe.bytes.total - probe.bytes.data) / (full.bytes.total - full.bytes.data))
  closeTo(seconds ?? 0, probe.seconds / full.seconds)
  closeTo(trainedParameters ?? 0, probe.trainedParameters / full.trainedParameters)
  assert.is(besideFull(transferResult.rows).at(-1)?.againstFull?.bytes, 1)
})

test('without full fine-tuning there is nothing to stand beside', () => {
  const rows = transferResult.rows.filter(({ method }) => method !== 'full')
  assert.ok(besideFull(rows).every(({ againstFull }) => againstFull === null))
})

test('an nc1 that is not defined has no quotient', () => {
  const rows = transferResult.rows.map((row, i) =>
    i === 0 ? { ...row, penultimateNc1: null } : row,
  )
  assert.is(besideFull(rows)[0]?.againstFull?.nc1, null)
})

test.run()

// The terminal text of a transfer: its width, its rows, and what is there only where it was measured.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { besideFull } from '../../src/codec/transfer-result.ts'
import { transferText } from '../../src/report/transfer-text.ts'
import { transferResult } from './transfer-fixture.ts'

const test = suite('the text of a transfer')
const whole = { ...transferResult, rows: besideFull(transferResult.rows) }
const text = transferText(whole)

test('is at most 100 columns wide, even with long names and large numbers', () => {
  const rows = whole.rows.map(row => ({
    ...row,
    layer: row.layer === null ? null : `encoder.layers.encoder_layer_${row.layer}`,
    unit: row.unit === null ? null : 12,
    trainedParameters: 87_455_232,
    seconds: 7199,
  }))
  for (const line of transferText({ ...whole, rows }).split('\n')) {
    assert.ok([...line].length <= 100, `${[...line].length}: ${line}`)
    assert.is(line, line.trimEnd())
  }
})

test('has accuracy, collapse and cost of every row', () => {
  const scl = text.split('\n').filter(line => line.startsWith('SCL FT'))
  assert.is(scl.length, 3)
  for (const cell of ['2 layer2.0', '70.00%', '71.00%', '−10.00', '0.900', '1.35', '70,000']) {
    assert.ok(scl[0]?.includes(cell), `${cell} in ${scl[0]}`)
  }
  for (const cell of ['7.00 s', '10.0 MiB', '1.00 MiB', '2.00 MiB', '21.0 MiB', '40.0 MiB']) {
    assert.ok(scl[1]?.includes(cell), `${cell} in ${scl[1]}`)
  }
})

test('has nc1 of every unit, before tuning too, and a dash where it is not defined', () => {
  assert.match(text, /^before tuning\s+9\.00\s+4\.00\s+2\.20$/m)
  assert.match(text, /^Full FT\s+–\s+9\.00\s+–\s+0\.450$/m)
})

test('says what was proved, and what is not whole', () => {
  assert.match(text, /^Frozen arrays \(0 to 60 a row\) were found bit-identical/m)
  assert.match(transferText({ ...whole, finished: false }), /; stopped on the way$/m)
  assert.not.match(text, /stopped/)
})

test('without full fine-tuning or a skip their columns are left out', () => {
  const rows = transferResult.rows.filter(({ method }) => method === 'probe')
  const alone = transferText({ ...whole, rows })
  assert.not.match(alone, /to full|own nc1/)
  assert.match(text, /to full/)
  assert.match(text, /own nc1/)
})

test.run()

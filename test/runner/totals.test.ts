// Tests of what the runner reads from test files and from uvu's output.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { plain, readMarks, readTotals } from './totals.ts'

const totals = suite('readTotals')
const printed = (total: number, passed: number, skipped: number): string =>
  `• • \n\n  Total:     ${total}\n\x1b[32m  Passed:    ${passed}\x1b[39m\n  Skipped:   \x1b[33m${skipped}\x1b[39m\n  Duration:  1.00ms\n\n`

totals('reads passed, failed and skipped through colours', () => {
  assert.equal(readTotals(printed(3, 2, 1), 1), { passed: 2, failed: 1, skipped: 1 })
})
totals('counts a crash without totals as one failure', () => {
  assert.equal(readTotals('• • • Segmentation fault', 139), { passed: 0, failed: 1, skipped: 0 })
})
totals('counts a crash after good totals as one failure', () => {
  assert.equal(readTotals(printed(2, 2, 0), 139), { passed: 2, failed: 1, skipped: 0 })
})
totals('counts a file that ran no test as one failure', () => {
  assert.equal(readTotals(printed(0, 0, 0), 0), { passed: 0, failed: 1, skipped: 0 })
})
totals('accepts a file that skipped all its tests', () => {
  assert.equal(readTotals(printed(0, 0, 4), 0), { passed: 0, failed: 0, skipped: 4 })
})
totals.run()

const marks = suite('readMarks')
marks('takes the given limit where a file says nothing', () => {
  assert.equal(readMarks('// Tests of x\n', 120), { timeout: 120, serial: false })
})
marks('reads a limit and serial', () => {
  assert.equal(readMarks('// Tests of x\n// timeout: 300\n// serial\n', 120), {
    timeout: 300,
    serial: true,
  })
})
marks.run()

const colours = suite('plain')
colours('leaves text without colours as it is', () => {
  assert.is(plain('\x1b[1m\x1b[31ma\x1b[39mb'), 'ab')
})
colours.run()

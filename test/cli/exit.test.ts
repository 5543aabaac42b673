// Endings and exit codes; errors that no one foresaw on one line.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { codeOf, crashLines, faultLine } from '../../cli/exit.ts'
import { fault } from '../../src/core/fault.ts'

const test = suite('endings')

test('have the exit codes that --help names', () => {
  assert.equal([codeOf('done'), codeOf('failed'), codeOf('interrupted')], [0, 1, 130])
})

test('put a fault on one line', () => {
  assert.is(faultLine(fault('what', 'where', 'mend\nit')), 'collapse: where: what; mend it\n')
})

test('put a crash on one line, with its stack under --debug only', () => {
  const error = new Error('first\nsecond')
  assert.is(
    crashLines(error, false),
    'collapse: first second; this is a bug: --debug shows where\n',
  )
  assert.match(crashLines(error, true), /^collapse: first second\n.*exit\.test\.ts/s)
  assert.match(crashLines('text', false), /^collapse: text; /)
})

test.run()

// Configuration as lines, and the best figures in bold.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { definitions, flatten, transferTable } from '../../src/report/page-details.ts'
import { demoResult } from './fixture.ts'

const details = suite('details')
details('flatten nested records by dots and write other values as JSON', () => {
  assert.equal(flatten({ a: 1, b: { c: 'x', d: { e: [1, 2] } }, f: {}, g: null, h: undefined }), [
    ['a', '1'],
    ['b.c', 'x'],
    ['b.d.e', '[1,2]'],
    ['f', '{}'],
    ['g', 'null'],
    ['h', 'undefined'],
  ])
})
details('leave out what has no value', () => {
  assert.not.match(
    definitions([
      ['driver', ''],
      ['engine', 'cpu'],
    ]).text,
    /driver/,
  )
})
details('set the best accuracy and the smallest nc1 in bold', () => {
  const bold = [...transferTable(demoResult).text.matchAll(/<td class="top">([^<]*)</g)]
  assert.equal(
    bold.map(([, text]) => text),
    ['94.17%', '0.0312'],
  )
})
details.run()

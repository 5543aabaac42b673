// The terminal text: its width, its columns, its rows.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { demoTable } from '../../src/report/table.ts'
import { clip, columns, wrap } from '../../src/report/text-layout.ts'
import { demoResult } from './fixture.ts'

const lines = demoTable(demoResult).split('\n')
const start = lines.findIndex(line => line.startsWith('method'))

const text = suite('the table')
text('is at most 100 columns wide, even with long names and large numbers', () => {
  const wide = {
    ...demoResult,
    transfer: demoResult.transfer.map(row => ({
      ...row,
      layer: row.layer === null ? null : `a-very-long-name-for-a-layer-${row.layer}`,
      trainedParameters: 23_456_789_012,
      seconds: 3599,
    })),
  }
  for (const line of [...lines, ...demoTable(wide).split('\n')]) {
    assert.ok([...line].length <= 100, `${[...line].length}: ${line}`)
    assert.is(line, line.trimEnd())
  }
})
text('has one line for each run, every column in it', () => {
  const rows = lines.slice(start + 2, start + 2 + demoResult.transfer.length)
  assert.is(lines[start + 2 + rows.length], '')
  const scl = rows.find(row => /^SCL FT\s+layer3/.test(row)) ?? ''
  for (const cell of ['93.16%', '0.0880', '162,405', '14.5%', '2.04 s', '4.64 MiB'])
    assert.ok(scl.includes(cell), `${cell} in ${scl}`)
})
text('lines the columns up', () => {
  const ends = (line: string): number => line.indexOf('%')
  const rows = lines.slice(start + 2, start + 2 + demoResult.transfer.length)
  assert.is(new Set(rows.map(ends)).size, 1)
  const rule = lines[start + 1] ?? ''
  assert.is(rule.length, Math.max(...rows.map(row => row.length)))
})
text('sums pre-training up in few lines, the first and the last epoch among them', () => {
  const long = {
    ...demoResult,
    source: Array.from({ length: 50 }, (_, epoch) => ({
      epoch,
      loss: 1,
      trainAccuracy: 0.5,
      testAccuracy: 0.5,
      nc1: [2, 1],
    })),
  }
  const top = demoTable(long).split('\n\n')[1]?.split('\n') ?? []
  assert.is(top.length, 8)
  assert.match(top[2] ?? '', /^ +0 /)
  assert.match(top[7] ?? '', /^ +49 /)
})
text('gives each claim with its verdict', () => {
  assert.ok(lines.some(line => /^held {6}Figure 2 /.test(line)))
  assert.ok(lines.some(line => /^not held {2}Figure 14 /.test(line)))
})
text('keeps its form without any measurement', () => {
  const none = demoTable({ ...demoResult, source: [], transfer: [], layerProbes: [] })
  assert.match(none, /method +layer +test accuracy/)
})
text('lets no control characters through', () => {
  const transfer = demoResult.transfer.map(row => ({ ...row, layer: 'a\u001b[31m\nb' }))
  const shown = demoTable({ ...demoResult, transfer })
  assert.not.ok(shown.includes('\u001b'))
  assert.is(shown.split('\n').filter(line => line.startsWith('SCL FT  ')).length, 6)
})
text.run()

const layout = suite('text layout')
layout('pads to the widest cell, on the side that is asked for', () => {
  assert.equal(
    columns([
      { title: 'a', side: 'left', cells: ['xx', 'y'] },
      { title: 'nn', side: 'right', cells: ['1', '234'] },
    ]),
    ['a    nn', '──  ───', 'xx    1', 'y   234'],
  )
})
layout('wraps at words and cuts what is longer than a line', () => {
  assert.equal(wrap('one two  three', 7), ['one two', 'three'])
  assert.equal(wrap('abcdefghij k', 5), ['abcd…', 'k'])
  assert.equal(wrap('', 5), [])
  assert.is(clip('abcdef', 4), 'abc…')
  assert.is(clip('abcd', 4), 'abcd')
})
layout.run()

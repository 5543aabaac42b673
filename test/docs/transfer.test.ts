// timeout: 120
// The page on transfer: its example type-checks, runs, and tunes what it says; its presets are the codec's.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { presets } from '../../src/codec/transfer-config.ts'
import { docPage } from '../support/doc-page.ts'

const { page, run, write, remove, typeCheck } = await docPage('transfer', 'transfer.md')

const test = suite('docs/transfer.md')

test.before(write)
test.after(remove)

test('type-checks', typeCheck)

test('runs, and freezes what it says', async () => {
  const said = await run(process.execPath, 'tune.ts')
  const [, accuracy, nc1, own] = said.match(/^accuracy (\S+), nc1 (\S+), own ([\d.]+), /) ?? []
  assert.ok(Number(accuracy) > 0.5, said)
  assert.ok(Number(nc1) > 0 && Number(own) > 0 && nc1 !== own, said)
  // layer4 of width 32: four convolutions, the shortcut's, two bn1 and its batch norm, and the classifier of ten.
  const trained = 9 * 16 * 32 + 3 * 9 * 32 * 32 + 16 * 32 + 3 * 64 + 33 * 10
  assert.match(said, new RegExp(`, ${trained} parameters, `))
})

test('probes every unit, from the early ones to the classifier input', async () => {
  const said = await run(process.execPath, 'layers.ts')
  const lines = said.split('\n').filter(line => /^\S+: accuracy [\d.]+, nc1 [\d.]+$/.test(line))
  assert.is(lines.length, 9, said)
  assert.match(said, /^layer1\.0: /m)
  assert.match(said, /^penultimate: /m)
})

test('has the presets as they are', () => {
  const cell = (row: string): ReadonlyArray<string> =>
    (page.split('\n').find(line => line.startsWith(`| ${row}`)) ?? '')
      .split('|')
      .slice(2, 4)
      .map(text => text.trim())
  const { paper, tuned } = presets
  assert.equal(cell('batch norm'), [paper.bn, tuned.bn])
  assert.equal(cell('epochs'), [`${paper.epochs}`, `${tuned.epochs}`])
  assert.equal(cell('batch |'), [`${paper.batch}`, `${tuned.batch}`])
  assert.equal(cell('learning rate, cosine'), [
    `${paper.lr} to ${paper.lrMin}`,
    `${tuned.lr} to ${tuned.lrMin}`,
  ])
  assert.equal(cell('momentum'), [
    `${paper.momentum}, ${paper.weightDecay}`,
    `${tuned.momentum}, ${tuned.weightDecay}`,
  ])
})

test.run()

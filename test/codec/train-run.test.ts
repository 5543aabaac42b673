// The lines and the result of a run.
import * as E from 'fp-ts/Either'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { TrainConfig } from '../../src/codec/train-config.ts'
import {
  bestOf,
  type EpochLine,
  parseEpochLines,
  type RunFacts,
  showEpochLine,
  showResult,
} from '../../src/codec/train-run.ts'
import { showFault } from '../../src/core/fault.ts'
import { left, right } from '../support/either.ts'

const test = suite('files of a run')

const line = (epoch: number, testAccuracy: number | null, seconds = epoch): EpochLine => ({
  epoch,
  lr: 0.1,
  loss: 1 / epoch,
  trainAccuracy: 0.5,
  testLoss: 1,
  testAccuracy,
  nc1: epoch === 2 ? [0.25, null] : null,
  seconds,
  imagesPerSecond: 7 / seconds,
})

const facts: RunFacts = {
  config: right(TrainConfig.decode({ version: 1, depth: 3 })),
  device: { engine: 'cpu', adapter: 'a', driver: 'd', family: 'reference', precision: 'f32' },
  layers: ['layers.0', 'layers.1'],
  classes: 5,
  parameters: 99,
  trainSamples: 10,
  testSamples: 4,
}

const file = [line(1, 0.5), line(2, 0.75), line(3, 0.75)].map(showEpochLine)

test('lines come back as they were, up to the epoch that is asked for', () => {
  const text = `${file.join('\n')}\n{"epoch":4,"lr`
  assert.equal(right(parseEpochLines(text, 3, 'm')), [line(1, 0.5), line(2, 0.75), line(3, 0.75)])
  assert.equal(right(parseEpochLines(text, 0, 'm')), [])
})

test('lines that are cut off, missing or out of order are refused', () => {
  const said = (text: string, last: number): string => {
    const parsed = parseEpochLines(text, last, 'm')
    return E.isLeft(parsed) ? showFault(parsed.left) : ''
  }
  assert.match(said(`${file[0]}\n{"epoch":2`, 2), /^m, line 2: not JSON/)
  assert.match(said(`${file[0]}\n`, 2), /line 2|does not hold the epochs 1 to 2/)
  assert.match(said(`${file[1]}\n${file[0]}`, 2), /^m: does not hold the epochs 1 to 2/)
  assert.match(said('{"epoch":1}', 1), /^m, line 1, lr: nothing given/)
  assert.is(left(parseEpochLines('', 1, 'm')).exit, 2)
})

test('the result holds the last and the best epoch, and no times', () => {
  const lines = [line(1, 0.5), line(2, 0.75), line(3, 0.75)]
  const result = JSON.parse(showResult(facts, lines))
  assert.is(result.epochs, 3)
  assert.equal(result.best, { epoch: 2, testAccuracy: 0.75 })
  assert.equal(result.measured, [{ epoch: 2, nc1: [0.25, null] }])
  assert.is(result.config.data, 'mnist')
  assert.is(result.loss, 1 / 3)
  const slower = lines.map(l => ({ ...l, seconds: 1000, imagesPerSecond: 1 }))
  assert.is(showResult(facts, lines), showResult(facts, slower))
})

test('the best epoch is among those in which the test split was evaluated', () => {
  const lines = [line(1, null), line(2, 0.5), line(3, null)]
  assert.is(bestOf(lines)?.epoch, 2)
  assert.is(bestOf([line(1, null)]), undefined)
  assert.equal(right(parseEpochLines(lines.map(showEpochLine).join('\n'), 3, 'm')), lines)
})

test.run()

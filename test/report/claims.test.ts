// Claims on results made by hand: where they hold, where they hold in part, where they do not, where there is nothing to judge.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { DemoResult, TransferRow } from '../../src/experiments/demo-result.ts'
import { claimRules, judgeClaims, tally } from '../../src/report/claims.ts'
import type { Verdict } from '../../src/report/verdict.ts'
import { demoResult } from './fixture.ts'

const found = (id: string, result: DemoResult) => judgeClaims(result).find(claim => claim.id === id)

const expectVerdict = (id: string, verdict: Verdict, result: DemoResult): void => {
  const claim = found(id, result)
  assert.is(claim?.verdict, verdict, `${id}: ${claim?.verdict}, seen: ${claim?.seen}`)
}

const withSource = (...epochs: ReadonlyArray<ReadonlyArray<number>>): DemoResult => ({
  ...demoResult,
  source: epochs.map((nc1, epoch) => ({
    epoch,
    loss: 1,
    trainAccuracy: 1,
    testAccuracy: 1,
    nc1,
  })),
})

const withProbes = (nc1: ReadonlyArray<number>, accuracy: ReadonlyArray<number>): DemoResult => ({
  ...demoResult,
  layerProbes: nc1.map((value, i) => ({
    layer: `l${i}`,
    nc1: value,
    testAccuracy: accuracy[i] ?? 0,
  })),
})

type Short = readonly [TransferRow['method'], string | null, number, number]

const withRows = (rows: ReadonlyArray<Short>): DemoResult => ({
  ...demoResult,
  layers: ['a', 'b', 'c'],
  targetCounts: { train: 500, test: 10_000 },
  transfer: rows.map(([method, layer, testAccuracy, penultimateNc1]) => ({
    method,
    layer,
    testAccuracy,
    penultimateNc1,
    bestAccuracy: testAccuracy,
    trainAccuracy: 1,
    nc1: [penultimateNc1],
    trainedParameters: method === 'full' ? 1000 : 100,
    percent: method === 'full' ? 100 : 10,
    seconds: 1,
    plannedBytes: 1,
  })),
})

/** The paper's picture in small: everything about tuning holds here. */
const textbook: ReadonlyArray<Short> = [
  ['probe', null, 0.8, 8],
  ['layer', 'a', 0.86, 4],
  ['layer', 'b', 0.9, 2],
  ['layer', 'c', 0.92, 1.2],
  ['scl', 'a', 0.88, 3],
  ['scl', 'b', 0.91, 1.5],
  ['scl', 'c', 0.93, 1],
  ['full', null, 0.925, 0.9],
]

const edit = (change: (row: Short) => Short): DemoResult => withRows(textbook.map(change))

const source = suite('claims on the source')
source('hold progressive decay against steps and ends', () => {
  expectVerdict('fig2-depth', 'held', withSource([9, 9, 9, 9], [8, 4, 2, 1]))
  expectVerdict('fig2-depth', 'partly', withSource([8, 4, 5, 1]))
  expectVerdict('fig2-depth', 'not held', withSource([8, 4, 2, 9]))
  expectVerdict('fig2-depth', 'not held', withSource([1, 2, 4, 0.5]))
  expectVerdict('fig2-depth', 'not held', withSource([4, 4, 4, 4]))
})
source('hold the rate against a line through the logarithms', () => {
  expectVerdict('fig2-rate', 'held', withSource([8, 4, 2, 1]))
  expectVerdict('fig2-rate', 'partly', withSource([8, 1, 1, 0.7]))
  expectVerdict('fig2-rate', 'not held', withSource([1, 2, 4, 8]))
  expectVerdict('fig2-rate', 'not held', withSource([8, 1, 9, 2]))
})
source('compare the first and the last epoch layer by layer', () => {
  expectVerdict('fig2-epochs', 'held', withSource([3, 3, 3], [9, 9, 9], [2, 2, 2]))
  expectVerdict('fig2-epochs', 'partly', withSource([3, 3, 3], [3, 2, 2]))
  expectVerdict('fig2-epochs', 'not held', withSource([3, 3, 3], [4, 4, 2]))
  assert.is(found('fig2-epochs', withSource([3, 2, 1])), undefined)
})
source.run()

const layers = suite('claims on layers')
layers('want both correlations to be strong', () => {
  expectVerdict('fig8-layers', 'held', withProbes([4, 3, 2, 1], [0.6, 0.7, 0.8, 0.9]))
  expectVerdict('fig8-layers', 'partly', withProbes([4, 3, 2, 1], [0.7, 0.6, 0.9, 0.75]))
  expectVerdict('fig8-layers', 'not held', withProbes([1, 2, 3, 4], [0.6, 0.7, 0.8, 0.9]))
  expectVerdict('fig8-layers', 'not held', withProbes([1, 2, 3, 4, 40], [0.6, 0.7, 0.8, 0.9, 0.1]))
  expectVerdict('fig8-layers', 'not held', withProbes([1, 2, 3, 4, 40], [0.95, 0.8, 0.7, 0.6, 0.9]))
  expectVerdict('fig8-layers', 'not held', withProbes([4, 3, 2, 1], [0.7, 0.6, 0.9, 0.65]))
  expectVerdict('fig8-layers', 'not held', withProbes([4, 3, 2, 1], [0.9, 0.9, 0.9, 0.9]))
})
layers('weigh collapse against depth', () => {
  expectVerdict('fig8-depth', 'held', withProbes([3, 1, 2, 4], [0.7, 0.9, 0.8, 0.6]))
  expectVerdict('fig8-depth', 'partly', withProbes([4, 3, 2, 1], [0.6, 0.7, 0.8, 0.9]))
  expectVerdict('fig8-depth', 'not held', withProbes([3, 1, 2, 4], [0.6, 0.7, 0.8, 0.9]))
})
layers('look for the smallest nc1 in the last third', () => {
  const flat = [1, 1, 1, 1, 1, 1]
  expectVerdict('fig14-last', 'held', withProbes([6, 5, 4, 3, 1, 2], flat))
  expectVerdict('fig14-last', 'partly', withProbes([6, 5, 4, 1, 3, 2], flat))
  expectVerdict('fig14-last', 'not held', withProbes([1, 5, 4, 3, 2, 2], flat))
})
layers.run()

const tuning = suite('claims on tuning')
tuning('all hold in a textbook case', () => {
  const verdicts = judgeClaims(withRows(textbook)).filter(
    ({ topic }) => topic === 'tuning' || topic === 'table',
  )
  assert.is(verdicts.length, 8)
  for (const claim of verdicts) assert.is(claim.verdict, 'held', `${claim.id}: ${claim.seen}`)
})
tuning('compare each tuned run with the probe', () => {
  const high = (names: ReadonlyArray<string>): DemoResult =>
    edit(row => (names.includes(`${row[0]} ${row[1]}`) ? [row[0], row[1], row[2], 20] : row))
  expectVerdict('fig10-tuned', 'partly', high(['layer a']))
  expectVerdict('fig10-tuned', 'not held', high(['layer a', 'layer b', 'layer c']))
})
tuning('compare SCL FT with Layer FT of the same layer', () => {
  const worse = (names: ReadonlyArray<string | null>): DemoResult =>
    edit(row => (row[0] === 'scl' && names.includes(row[1]) ? [row[0], row[1], row[2], 5] : row))
  expectVerdict('fig10-skip', 'partly', worse(['a']))
  expectVerdict('fig10-skip', 'not held', worse(['a', 'b']))
})
tuning('order the best run of each way', () => {
  const sclBad = edit(row => (row[0] === 'scl' ? [row[0], row[1], 0.85, 5] : row))
  expectVerdict('table2-accuracy', 'partly', sclBad)
  expectVerdict('table2-collapse', 'partly', sclBad)
  const reversed = withRows([
    ['probe', null, 0.9, 1],
    ['layer', 'a', 0.8, 2],
    ['scl', 'a', 0.7, 3],
  ])
  expectVerdict('table2-accuracy', 'not held', reversed)
  expectVerdict('table2-collapse', 'not held', reversed)
})
tuning('grant full fine-tuning two standard errors', () => {
  const full = (accuracy: number): DemoResult =>
    edit(row => (row[0] === 'full' ? [row[0], row[1], accuracy, row[3]] : row))
  expectVerdict('table2-full', 'held', full(0.927))
  expectVerdict('table2-full', 'partly', full(0.935))
  expectVerdict('table2-full', 'not held', full(0.95))
  const large = withRows(textbook)
  const transfer = large.transfer.map(row => ({ ...row, trainedParameters: 1000 }))
  expectVerdict('table2-full', 'not held', { ...large, transfer })
})
tuning('look for the best layer near the top', () => {
  const bestAt = (layer: string): DemoResult =>
    edit(row => (row[0] === 'layer' && row[1] === layer ? [row[0], row[1], 0.99, row[3]] : row))
  expectVerdict('table3-deep', 'held', bestAt('c'))
  expectVerdict('table3-deep', 'partly', bestAt('b'))
  expectVerdict('table3-deep', 'not held', bestAt('a'))
})
tuning('hold the conjecture against the place of the best run', () => {
  const bestNc1 = (nc1: number): DemoResult =>
    edit(row => (row[0] === 'scl' && row[1] === 'c' ? [row[0], row[1], row[2], nc1] : row))
  expectVerdict('conjecture', 'partly', bestNc1(1.3))
  expectVerdict('conjecture', 'not held', bestNc1(3.5))
})
tuning('correlate over all runs', () => {
  expectVerdict(
    'methods-correlation',
    'partly',
    edit(row => (row[0] === 'full' ? ['full', null, 0.87, 0.9] : row)),
  )
  expectVerdict(
    'methods-correlation',
    'not held',
    edit(([method, layer, accuracy]) => [method, layer, accuracy, accuracy]),
  )
})
tuning.run()

const list = suite('the list of claims')
list('has distinct ids, and a rule and a place in the paper for each', () => {
  assert.is(new Set(claimRules.map(({ id }) => id)).size, claimRules.length)
  for (const { claim, rule, figure } of claimRules) {
    assert.match(claim, /\.$/)
    assert.match(rule, /held/)
    assert.match(figure, /Figure|Table|Section/)
  }
})
list('leaves out what a result has nothing to say on', () => {
  const empty = { ...demoResult, source: [], transfer: [], layerProbes: [] }
  assert.equal(judgeClaims(empty), [])
  assert.equal(tally([]), { held: 0, partly: 0, 'not held': 0 })
})
list('counts every verdict once', () => {
  const claims = judgeClaims(demoResult)
  const { held, partly, 'not held': not } = tally(claims)
  assert.is(held + partly + not, claims.length)
  assert.is(claims.length, claimRules.length)
})
list('holds nothing where the figures are not finite', () => {
  const broken = {
    ...withSource([Number.NaN, Number.NaN, Number.NaN], [Number.NaN, Number.NaN, Number.NaN]),
    transfer: withRows(textbook).transfer.map(row => ({ ...row, penultimateNc1: Number.NaN })),
    layerProbes: withProbes([Number.NaN, Number.NaN, Number.NaN], [1, 2, 3]).layerProbes,
  }
  const about = ['fig2', 'fig8', 'fig14', 'fig10', 'table2-collapse', 'conjecture', 'methods']
  const held = judgeClaims(broken).filter(
    ({ id, verdict }) => verdict === 'held' && about.some(start => id.startsWith(start)),
  )
  assert.equal(
    held.map(({ id }) => id),
    [],
  )
})
list.run()

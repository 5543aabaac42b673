// The paper's claims about fine-tuning: Figure 10, Tables 2 and 3, and the conjecture of Section 3.3.
import { pipe } from 'fp-ts/function'
import * as O from 'fp-ts/Option'
import type { DemoResult, Method, TransferRow } from '../experiments/demo-result.ts'
import { correlation, percent, points, significant } from './format.ts'
import { methodName, rowName } from './names.ts'
import {
  byCorrelation,
  byDepth,
  byShare,
  type ClaimRule,
  correlationRule,
  correlations,
  type Judgement,
  shareRule,
  type Verdict,
} from './verdict.ts'

const rowsOf =
  (method: Method) =>
  ({ transfer }: DemoResult): ReadonlyArray<TransferRow> =>
    transfer.filter(row => row.method === method)

const best = (rows: ReadonlyArray<TransferRow>): TransferRow | undefined =>
  rows.reduce<TransferRow | undefined>(
    (top, row) => (top === undefined || row.testAccuracy > top.testAccuracy ? row : top),
    undefined,
  )

/** The row of each method with the best test accuracy, as Table 2 takes it. */
const bests = (result: DemoResult) => ({
  probe: best(rowsOf('probe')(result)),
  layer: best(rowsOf('layer')(result)),
  scl: best(rowsOf('scl')(result)),
  full: best(rowsOf('full')(result)),
})

const twoErrors = (a: number, b: number, n: number): number =>
  2 * Math.sqrt((a * (1 - a) + b * (1 - b)) / n)

const margin = (width: number): string => `${(width * 100).toFixed(1)} points`

const tuned: ClaimRule = {
  id: 'fig10-tuned',
  topic: 'tuning',
  figure: 'Figure 10, Section 3.3',
  claim: 'Tuning one layer collapses the penultimate features more than the probe does.',
  rule: `Layer FT and SCL FT runs with a smaller penultimate nc1 than the probe; ${shareRule}`,
  judge: result => {
    const { probe } = bests(result)
    const rows = result.transfer.filter(({ method }) => method === 'layer' || method === 'scl')
    if (probe === undefined || rows.length === 0) return O.none
    const lower = rows.filter(row => row.penultimateNc1 < probe.penultimateNc1)
    const values = rows.map(row => row.penultimateNc1)
    return O.some({
      seen: `${lower.length} of ${rows.length} runs: the probe has ${significant(probe.penultimateNc1)}, the tuned ones lie between ${significant(Math.min(...values))} and ${significant(Math.max(...values))}.`,
      verdict: byShare(lower.length, rows.length),
    })
  },
}

const pairsOf = (result: DemoResult): ReadonlyArray<readonly [TransferRow, TransferRow]> =>
  rowsOf('scl')(result).flatMap(scl => {
    const layer = rowsOf('layer')(result).find(row => row.layer === scl.layer)
    return layer === undefined ? [] : [[layer, scl] as const]
  })

const middle = (values: ReadonlyArray<number>): number => {
  const sorted = [...values].sort((a, b) => a - b)
  const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[sorted.length >> 1]]
  return ((low ?? Number.NaN) + (high ?? Number.NaN)) / 2
}

const skip: ClaimRule = {
  id: 'fig10-skip',
  topic: 'tuning',
  figure: 'Figure 10, Section 3.3',
  claim: 'SCL FT collapses the penultimate features more than Layer FT of the same layer.',
  rule: `tuned layers at which SCL FT has the smaller penultimate nc1; ${shareRule}`,
  judge: result => {
    const pairs = pairsOf(result)
    if (pairs.length === 0) return O.none
    const lower = pairs.filter(([layer, scl]) => scl.penultimateNc1 < layer.penultimateNc1)
    const ratio = middle(pairs.map(([layer, scl]) => scl.penultimateNc1 / layer.penultimateNc1))
    return O.some({
      seen: `At ${lower.length} of ${pairs.length} layers; SCL FT has ${significant(ratio)} times the nc1 of Layer FT in the median.`,
      verdict: byShare(lower.length, pairs.length),
    })
  },
}

const order =
  (
    name: string,
    agrees: (better: TransferRow, worse: TransferRow) => boolean,
    show: (row: TransferRow) => string,
    note: (result: DemoResult) => string,
  ) =>
  (result: DemoResult): O.Option<Judgement> => {
    const { probe, layer, scl } = bests(result)
    if (probe === undefined || layer === undefined || scl === undefined) return O.none
    const agreed = [agrees(scl, layer), agrees(layer, probe)].filter(yes => yes).length
    const list = [scl, layer, probe].map(row => `${rowName(row)} ${show(row)}`).join(', ')
    return O.some({
      seen: `${list}: ${agreed} of 2 steps in the paper's ${name}.${note(result)}`,
      verdict: agreed === 2 ? 'held' : agreed === 1 ? 'partly' : 'not held',
    })
  }

const noise = (result: DemoResult): string => {
  const accuracy = bests(result).layer?.testAccuracy ?? 0.5
  const width = twoErrors(accuracy, accuracy, result.targetCounts.test)
  return ` Two standard errors of a difference are ${margin(width)}.`
}

const accuracyOrder: ClaimRule = {
  id: 'table2-accuracy',
  topic: 'table',
  figure: 'Table 2, Section 3.3',
  claim: 'SCL FT is at least as accurate as Layer FT, and Layer FT as the probe.',
  rule: 'best run of each; held: SCL FT ≥ Layer FT ≥ probe in test accuracy; partly: one of the two',
  judge: order(
    'order',
    (better, worse) => better.testAccuracy >= worse.testAccuracy,
    row => percent(row.testAccuracy),
    noise,
  ),
}

const collapseOrder: ClaimRule = {
  id: 'table2-collapse',
  topic: 'table',
  figure: 'Table 2, Section 3.3',
  claim: 'Penultimate nc1 is the reverse: smallest for SCL FT, largest for the probe.',
  rule: 'the same runs; held: SCL FT ≤ Layer FT ≤ probe in penultimate nc1; partly: one of the two',
  judge: order(
    'order',
    (better, worse) => better.penultimateNc1 <= worse.penultimateNc1,
    row => significant(row.penultimateNc1),
    () => '',
  ),
}

const onPar = (row: TransferRow, full: TransferRow, n: number): boolean =>
  row.testAccuracy >= full.testAccuracy - twoErrors(row.testAccuracy, full.testAccuracy, n) &&
  row.trainedParameters < full.trainedParameters

const fraction: ClaimRule = {
  id: 'table2-full',
  topic: 'table',
  figure: 'Tables 2 to 5, Section 3.3',
  claim: 'Layer FT and SCL FT match or beat Full FT with a fraction of the parameters.',
  rule: 'best run of each has fewer trained parameters than Full FT, and accuracy at most two standard errors below it; held: both; partly: one',
  judge: result => {
    const { layer, scl, full } = bests(result)
    if (layer === undefined || scl === undefined || full === undefined) return O.none
    const { test } = result.targetCounts
    const show = (row: TransferRow): string =>
      `${methodName[row.method]} ${points(row.testAccuracy - full.testAccuracy)} points with ${significant(row.percent)}% of the parameters`
    const good = [layer, scl].filter(row => onPar(row, full, test)).length
    return O.some({
      seen: `Against Full FT at ${percent(full.testAccuracy)}: ${show(layer)}, ${show(scl)}. Two standard errors are ${margin(twoErrors(layer.testAccuracy, full.testAccuracy, test))}.`,
      verdict: good === 2 ? 'held' : good === 1 ? 'partly' : 'not held',
    })
  },
}

const deep: ClaimRule = {
  id: 'table3-deep',
  topic: 'table',
  figure: 'Tables 3 to 5, Section 3.3',
  claim: 'Of all layers, tuning one near the top works best.',
  rule: 'the layer at which Layer FT is most accurate; held: in the last third of the layers; partly: in the last half',
  judge: result =>
    pipe(
      O.fromNullable(bests(result).layer),
      O.map(row => ({ row, index: result.layers.indexOf(row.layer ?? '') })),
      O.filter(({ index }) => index >= 0),
      O.map(({ row, index }) => ({
        seen: `${rowName(row)} is best with ${percent(row.testAccuracy)}: number ${index + 1} of ${result.layers.length}.`,
        verdict: byDepth(index, result.layers.length),
      })),
    ),
}

/** The place of a run's nc1 among all, from below; last where it is not a number. */
const placeOf = (row: TransferRow, rows: ReadonlyArray<TransferRow>): number =>
  rows.length - rows.filter(other => other.penultimateNc1 >= row.penultimateNc1).length + 1

const byPlace = (place: number, n: number): Verdict =>
  place === 1 ? 'held' : place <= Math.ceil(n / 3) ? 'partly' : 'not held'

const conjecture: ClaimRule = {
  id: 'conjecture',
  topic: 'table',
  figure: 'Section 3.3, the conjecture',
  claim: 'The best accuracy comes where the penultimate features collapse most.',
  rule: "place of the most accurate Layer FT or SCL FT run in these runs' order of nc1; held: first; partly: in the first third",
  judge: ({ transfer }) => {
    const rows = transfer.filter(({ method }) => method === 'layer' || method === 'scl')
    const top = best(rows)
    if (top === undefined) return O.none
    const place = placeOf(top, rows)
    return O.some({
      seen: `${rowName(top)} is the most accurate with ${percent(top.testAccuracy)}; its nc1 of ${significant(top.penultimateNc1)} is number ${place} of ${rows.length} from below.`,
      verdict: byPlace(place, rows.length),
    })
  },
}

const correlationOf = (rows: ReadonlyArray<TransferRow>) =>
  correlations(
    rows.map(row => row.penultimateNc1),
    rows.map(row => row.testAccuracy),
  )

const across: ClaimRule = {
  id: 'methods-correlation',
  topic: 'table',
  figure: 'Table 2, Section 3.3',
  claim: 'Across all runs, more collapsed penultimate features go with better accuracy.',
  rule: `test accuracy against penultimate nc1 over all runs; ${correlationRule}`,
  judge: ({ transfer }) => {
    if (transfer.length === 0) return O.none
    const all = correlationOf(transfer)
    const partial = correlationOf(transfer.filter(row => row.method !== 'full'))
    return O.some({
      seen: `Over ${transfer.length} runs Pearson is ${correlation(all.r)} and Spearman ${correlation(all.rho)}; without Full FT ${correlation(partial.r)} and ${correlation(partial.rho)}.`,
      verdict: byCorrelation(all),
    })
  },
}

/** Figure 10 and Tables 2 to 5: what tuning does to the penultimate features and to the accuracy. */
export const transferClaims: ReadonlyArray<ClaimRule> = [
  tuned,
  skip,
  accuracyOrder,
  collapseOrder,
  fraction,
  deep,
  conjecture,
  across,
]

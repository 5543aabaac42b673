// The result of `collapse probe`: what result.json holds, and what the table and the page are made of.
import * as t from 'io-ts'
import { closed } from './closed.ts'
import { orNull } from './downstream-config.ts'
import { field, flag, wholeFrom } from './field.ts'
import { ProbeConfig } from './probe-config.ts'
import { Epoch, finite, Metrics, trial, words } from './transfer-result.ts'

const number = orNull(finite)

/**
 * A classifier on one layer: `unit` is the number of the fine-tuning unit from 1, null for the classifier's input. Accuracies
 * are shares in [0, 1], on the test split of the last scored epoch and of the best, null where none was scored; `metrics` are
 * of the layer's features on the training split, `nc1` one of them; `headParameters` counts those that were trained.
 */
export const ProbeRow = t.strict({
  layer: words,
  unit: orNull(wholeFrom(1)),
  width: wholeFrom(1),
  testAccuracy: number,
  bestAccuracy: number,
  trainAccuracy: finite,
  nc1: number,
  metrics: Metrics,
  headParameters: finite,
  epochs: t.readonlyArray(Epoch),
})
export type ProbeRow = t.TypeOf<typeof ProbeRow>

/** A classifier that came to no end because its loss was no longer finite. */
const Failed = t.strict({ layer: words, unit: orNull(wholeFrom(1)), why: words })

/**
 * Everything that a call of `collapse probe` measured; `finished` is false where it was stopped on the way. `agreement`
 * holds the correlations of nc1 with the test accuracy over fine-tuning units; time and bytes are of steps that train all
 * classifiers.
 */
export const ProbeResult = closed(
  {
    version: field<1>('1', (u): u is 1 => u === 1),
    finished: flag,
    config: ProbeConfig,
    ...trial,
    rows: t.readonlyArray(ProbeRow),
    agreement: t.strict({ spearman: number, kendall: number, pearson: number }),
    seconds: finite,
    imagesPerSecond: finite,
    plannedBytes: finite,
    failed: t.readonlyArray(Failed),
  },
  'a result of collapse probe',
)
export type ProbeResult = t.TypeOf<typeof ProbeResult>

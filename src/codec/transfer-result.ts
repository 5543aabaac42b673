// The result of `collapse transfer`: what result.json holds, and what the table and the page are made of.
import * as t from 'io-ts'
import { closed } from './closed.ts'
import { DeviceFacts } from './device-facts.ts'
import { field, flag, numberField, oneOf, wholeFrom } from './field.ts'
import { TransferConfig, transferMethods } from './transfer-config.ts'

/** A number. */
export const finite = numberField('a number', () => true)
/** Any text. */
export const words = field<string>('text', (u): u is string => typeof u === 'string')
const orNull = <A, O>(codec: t.Type<A, O, unknown>) => t.union([codec, t.null])
const number = orNull(finite)

/** All metrics of one set of features; null where they do not define one. */
export const Metrics = t.strict({
  nc1: number,
  cdnv: number,
  numericalRank: number,
  etfDistance: number,
  equinorm: number,
  equiangularity: number,
  selfDuality: number,
  nccMismatch: number,
  traceW: number,
  traceB: number,
  nullNc1: number,
  n: finite,
  d: finite,
  classes: finite,
  perClass: t.readonlyArray(finite),
  rank: finite,
})

/** Bytes planned for a training step by kind; see docs/transfer.md. */
const Bytes = t.strict({
  weights: finite,
  gradients: finite,
  optimizer: finite,
  activations: finite,
  data: finite,
  scratch: finite,
  total: finite,
})

/** An epoch: means over its steps, accuracies as shares in [0, 1]; null where the test split was not scored. */
export const Epoch = t.strict({
  epoch: wholeFrom(1),
  lr: finite,
  loss: finite,
  trainAccuracy: finite,
  testAccuracy: number,
  seconds: finite,
  imagesPerSecond: finite,
})

/**
 * A row beside full fine-tuning's: the difference of the accuracies (this less full's, shares), and for the others this
 * over full's; bytes without the data.
 */
export const AgainstFull = t.strict({
  testAccuracy: finite,
  nc1: number,
  trainedParameters: finite,
  bytes: finite,
  seconds: finite,
  imagesPerSecond: finite,
})
export type AgainstFull = t.TypeOf<typeof AgainstFull>

/** How a row was tuned: one of the paper's ways, or `paths` that the caller chose. */
const Tuned = oneOf([...transferMethods, 'paths'])

/**
 * One way of transferring. `unit` and `layer` are the tuned unit's number and name, null where there is none.
 * Accuracies are shares in [0, 1]; `metrics` are of the classifier's input on the training split, `encoder` of the
 * encoder's own features where a skip is added (null else), `nc1` by unit; `seconds` are of training steps alone;
 * `frozen` arrays were found bit-identical at the end.
 */
export const TransferRow = t.strict({
  method: Tuned,
  unit: orNull(wholeFrom(1)),
  layer: orNull(words),
  testAccuracy: finite,
  bestAccuracy: finite,
  trainAccuracy: finite,
  penultimateNc1: number,
  metrics: Metrics,
  encoder: orNull(Metrics),
  nc1: t.readonlyArray(number),
  trainedParameters: finite,
  percent: finite,
  bytes: Bytes,
  seconds: finite,
  imagesPerSecond: finite,
  frozen: t.strict({
    arrays: finite,
    identical: field<true>('true', (u): u is true => u === true),
  }),
  epochs: t.readonlyArray(Epoch),
  againstFull: orNull(AgainstFull),
})
export type TransferRow = t.TypeOf<typeof TransferRow>

/** A way that came to no end, such as one whose loss was not finite. */
const Failed = t.strict({
  method: Tuned,
  unit: orNull(wholeFrom(1)),
  layer: orNull(words),
  why: words,
})

/** What was tried on what: the engine, the network before any tuning, and the images and classes of its new task. */
export const trial = {
  device: DeviceFacts,
  network: t.strict({
    name: words,
    input: t.readonlyArray(finite),
    parameters: finite,
    width: finite,
  }),
  data: t.strict({ train: finite, test: finite, classes: finite }),
} as const

/**
 * Everything that a call of `collapse transfer` measured; `finished` is false where it was stopped on the way, and
 * `failed` ways have no row.
 */
export const TransferResult = closed(
  {
    version: field<1>('1', (u): u is 1 => u === 1),
    finished: flag,
    config: TransferConfig,
    ...trial,
    units: t.readonlyArray(words),
    /** nc1 by unit of the pre-trained network on the training split, before any tuning. */
    before: t.strict({ nc1: t.readonlyArray(number) }),
    rows: t.readonlyArray(TransferRow),
    failed: t.readonlyArray(Failed),
  },
  'a result of collapse transfer',
)
export type TransferResult = t.TypeOf<typeof TransferResult>

/** Without the samples or cached outputs, of which there are as many as the data set has. */
const stepBytes = ({ bytes }: TransferRow): number => bytes.total - bytes.data

const over = (a: number | null, b: number | null): number | null =>
  a === null || b === null || b === 0 ? null : a / b

/** The rows beside full fine-tuning's figures, where it is among them. */
export const besideFull = (rows: ReadonlyArray<TransferRow>): ReadonlyArray<TransferRow> => {
  const full = rows.find(({ method }) => method === 'full')
  return rows.map(row => ({
    ...row,
    againstFull:
      full === undefined
        ? null
        : {
            testAccuracy: row.testAccuracy - full.testAccuracy,
            nc1: over(row.penultimateNc1, full.penultimateNc1),
            trainedParameters: row.trainedParameters / full.trainedParameters,
            bytes: stepBytes(row) / stepBytes(full),
            seconds: row.seconds / full.seconds,
            imagesPerSecond: row.imagesPerSecond / full.imagesPerSecond,
          },
  }))
}

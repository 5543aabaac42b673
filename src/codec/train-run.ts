// What a training run writes beside its config and checkpoint: a line for each epoch, and the result.
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as t from 'io-ts'
import { type Fault, fault } from '../core/fault.ts'
import { decodeWith, inFile, parseJson } from './decode.ts'
import type { DeviceFacts } from './device-facts.ts'
import { numberField, wholeFrom } from './field.ts'
import { showTrainConfig, type TrainConfig } from './train-config.ts'

const finite = numberField('a number', () => true)
const nullable = <A>(codec: t.Type<A, A, unknown>) => t.union([codec, t.null])

/**
 * A line of metrics.jsonl: epochs count from 1, loss and training accuracy are means over the epoch's steps, accuracies
 * are shares in [0, 1]. The test split's are null in epochs in which it was not evaluated. `nc1` is by fine-tuning unit
 * on the training split, null in epochs without a measurement, and null for a unit where it is not defined.
 */
export const EpochLine = t.strict({
  epoch: wholeFrom(1),
  lr: finite,
  loss: finite,
  trainAccuracy: finite,
  testLoss: nullable(finite),
  testAccuracy: nullable(finite),
  nc1: nullable(t.readonlyArray(nullable(finite))),
  seconds: finite,
  imagesPerSecond: finite,
})
export type EpochLine = t.TypeOf<typeof EpochLine>

/** The line's text, without a line break. */
export const showEpochLine = (line: EpochLine): string => JSON.stringify(EpochLine.encode(line))

/** Reads the lines of metrics.jsonl up to epoch `last`; later ones, whole or cut off, are not looked at. */
export const parseEpochLines = (
  file: string,
  last: number,
  where: string,
): E.Either<Fault, ReadonlyArray<EpochLine>> =>
  pipe(
    E.traverseArray(([i, text]: readonly [number, string]) =>
      pipe(
        parseJson(text, `${where}, line ${i + 1}`),
        E.chain(decodeWith(EpochLine, inFile(`${where}, line ${i + 1}`), 'train anew')),
      ),
    )([...file.split('\n').slice(0, last).entries()]),
    E.filterOrElse(
      lines => lines.length === last && lines.every(({ epoch }, i) => epoch === i + 1),
      () => fault(`does not hold the epochs 1 to ${last} of the checkpoint`, where, 'train anew'),
    ),
  )

/** What is known of a run besides its epochs. */
export interface RunFacts {
  readonly config: TrainConfig
  readonly device: DeviceFacts
  readonly layers: ReadonlyArray<string>
  readonly classes: number
  readonly parameters: number
  readonly trainSamples: number
  readonly testSamples: number
}

/** The first epoch of the highest test accuracy; none where the test split was never evaluated. */
export const bestOf = (lines: ReadonlyArray<EpochLine>): EpochLine | undefined => {
  const top = Math.max(...lines.map(line => line.testAccuracy ?? -1))
  return lines.find(line => line.testAccuracy === top)
}

/**
 * The result as JSON text: no times in it, so that the same config, seed and device give the same bytes. `best` is the
 * first epoch of the highest test accuracy.
 */
export const showResult = (facts: RunFacts, lines: ReadonlyArray<EpochLine>): string => {
  const last = lines[lines.length - 1]
  const best = bestOf(lines)
  const config: unknown = JSON.parse(showTrainConfig(facts.config))
  const result = {
    version: 1,
    ...facts,
    config,
    epochs: lines.length,
    loss: last?.loss,
    trainAccuracy: last?.trainAccuracy,
    testLoss: last?.testLoss,
    testAccuracy: last?.testAccuracy,
    best: { epoch: best?.epoch, testAccuracy: best?.testAccuracy },
    nc1: last?.nc1,
    measured: lines.flatMap(({ epoch, nc1 }) => (nc1 === null ? [] : [{ epoch, nc1 }])),
  }
  return `${JSON.stringify(result, null, 2)}\n`
}

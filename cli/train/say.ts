// What a training run says to a person.
import { bestOf, type EpochLine } from '../../src/codec/train-run.ts'
import { countParameters } from '../../src/models/model.ts'
import type { Materials } from './materials.ts'

/** A share as percent with two decimals. */
export const percent = (share: number): string => `${(100 * share).toFixed(2)} %`

/** A positive number with three digits. */
export const three = (x: number): string =>
  x !== 0 && (x < 1e-3 || x >= 1e5) ? x.toExponential(2) : x.toPrecision(3)

/** Loss and accuracy of an epoch so far. */
export const showScore = (score: { readonly loss: number; readonly accuracy: number }): string =>
  `loss ${three(score.loss)}, ${percent(score.accuracy)}`

const showNc1 = (nc1: ReadonlyArray<number | null>): string =>
  nc1.map(x => (x === null ? '-' : three(x))).join(' ')

const showTest = ({ testAccuracy }: EpochLine): string =>
  testAccuracy === null ? '' : `, test ${percent(testAccuracy)}`

/** One epoch on a line. */
export const showEpoch = (line: EpochLine, epochs: number): string => {
  const scores = `loss ${three(line.loss)}, train ${percent(line.trainAccuracy)}${showTest(line)}`
  const measured = line.nc1 === null ? '' : `, nc1 ${showNc1(line.nc1)}`
  const rate = `${Math.round(line.imagesPerSecond)} images/s`
  return `epoch ${line.epoch}/${epochs}: lr ${three(line.lr)}, ${scores}${measured}, ${rate}`
}

const showNetwork = ({ config, training }: Materials): string => {
  const { depth, width } = config
  const { model, init } = training.network
  return depth === null || width === null
    ? `${config.model} (${countParameters(init)} parameters, images of ${model.input.join(' x ')})`
    : `${config.model} of ${depth} layers, width ${width}`
}

/** What is trained on what, and where it begins. */
export const showMaterials = (materials: Materials, data: string): ReadonlyArray<string> => {
  const { train, test, said } = materials
  return [
    `${showNetwork(materials)}, on ${data}: ` +
      `${train.count} images of ${train.classes} classes, ${test.count} to test`,
    ...(said === null ? [] : [`weights: ${said}`]),
  ]
}

/** The result for a person: a few lines. */
export const showFinish = (
  lines: ReadonlyArray<EpochLine>,
  layers: ReadonlyArray<string>,
  dir: string,
): string => {
  const last = lines[lines.length - 1]
  const best = bestOf(lines)?.testAccuracy ?? 0
  const nc1 = layers.map((name, i) => {
    const value = last?.nc1?.[i] ?? null
    return `  ${name.padEnd(12)} ${value === null ? '-' : three(value)}`
  })
  return [
    `test accuracy ${percent(last?.testAccuracy ?? 0)} after ${lines.length} epochs, at best ${percent(best)}`,
    'nc1 on the training split:',
    ...nc1,
    `run folder ${dir}`,
  ].join('\n')
}

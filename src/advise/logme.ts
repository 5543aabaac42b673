// LogME: the logarithm of the maximum evidence of a linear model on the features (You et al. 2021).
import * as E from 'fp-ts/Either'
import { type MetricError, notDefined } from '../collapse/metric-error.ts'
import { checkLabelled, type Labelled } from './labelled.ts'
import { type Spectrum, spectrumOf } from './spectrum.ts'

// One class's labels y: squared singular values, z = U^T y, what U misses of y, and N.
interface Target {
  readonly n: number
  readonly squares: Float64Array
  readonly z: Float64Array
  readonly missed: number
  readonly energy: number
}

// MacKay's update of lambda = alpha / beta: gamma res^2 / (m^2 (N - gamma)).
const update = ({ n, squares, z, missed }: Target, lambda: number): number => {
  let known = 0
  let unknown = n - squares.length
  let weights = 0
  let residual = missed
  for (let i = 0; i < squares.length; i++) {
    const s = squares[i] ?? 0
    const part = (z[i] ?? 0) / (s + lambda)
    known += s / (s + lambda)
    unknown += lambda / (s + lambda)
    weights += s * part * part
    residual += lambda * lambda * part * part
  }
  return weights > 0 ? ((known / weights) * residual) / unknown : Number.POSITIVE_INFINITY
}

// log N(y; 0, (lambda I + X X^T) / alpha) at its best alpha, which is N / quadratic.
const evidence = ({ n, squares, z, missed }: Target, lambda: number): number => {
  const beyond = n - squares.length
  let quadratic = beyond > 0 ? missed / lambda : 0
  let logs = beyond > 0 ? beyond * Math.log(lambda) : 0
  for (let i = 0; i < squares.length; i++) {
    const s = (squares[i] ?? 0) + lambda
    quadratic += (z[i] ?? 0) ** 2 / s
    logs += Math.log(s)
  }
  return (-n * (Math.log((2 * Math.PI * quadratic) / n) + 1) - logs) / 2
}

// The limit of no weights, lambda -> infinity.
const nullEvidence = ({ n, energy }: Target): number =>
  (-n * (Math.log((2 * Math.PI * energy) / n) + 1)) / 2

const settled = 1e-10
const roundLimit = 2000
const beyondReach = 1e13

const maximum = (target: Target): number => {
  const { squares } = target
  const top = squares[0] ?? 0
  const low = (squares.at(-1) ?? 0) / beyondReach
  let lambda = squares.reduce((sum, s) => sum + s, 0) / Math.max(1, squares.length)
  for (let round = 0; round < roundLimit; round++) {
    const next = update(target, lambda)
    if (!(next < top * beyondReach)) return nullEvidence(target)
    const change = Math.abs(next / lambda - 1)
    lambda = Math.max(next, low)
    if (change < settled || next <= low) break
  }
  return evidence(target, lambda)
}

const fitsExactly = 1e-18

const scoreOf = (spectrum: Spectrum, counts: ReadonlyArray<number>, n: number) => {
  const { rank, squares, projections } = spectrum
  const missed = spectrum.missed()
  const exact = counts.findIndex((energy, k) => (missed[k] ?? 0) <= fitsExactly * energy)
  if (rank < n && exact >= 0) {
    return E.left(
      notDefined(`class ${exact} is a linear function of the features: its evidence is unbounded`),
    )
  }
  const sum = counts.reduce((total, energy, k) => {
    const z = projections.subarray(k * rank, k * rank + rank)
    return total + maximum({ n, squares, z, missed: missed[k] ?? 0, energy })
  }, 0)
  return E.right(sum / counts.length / n)
}

/** LogME of features [N, d] as they are, one-hot targets: the mean over classes of the largest log
 * evidence per sample, any real number, higher is better. MacKay's fixed point to convergence (the
 * authors stop earlier), so that neither rotation nor scale matters. Where no weights are best, as
 * with features of zeros, it is their evidence without weights. Left where labels are fitted exactly
 * by fewer directions than samples, and where N and d both pass `largestSide`. */
export const logme = (labelled: Labelled): E.Either<MetricError, number> => {
  const checked = checkLabelled(labelled)
  if (E.isLeft(checked)) return checked
  const { ids, classes } = checked.right
  const { n } = labelled.features
  const counts = Array.from({ length: classes }, () => 0)
  for (const id of ids) counts[id] = (counts[id] ?? 0) + 1
  return E.chain((spectrum: Spectrum) => scoreOf(spectrum, counts, n))(
    spectrumOf(labelled.features, checked.right, false),
  )
}

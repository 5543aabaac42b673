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

const perDecade = 3
const decadesBelow = 20
const decadesAbove = 8

/** The place in [low, high] where `value` is largest, by golden section down to a billionth of it. */
const goldenSection = (value: (at: number) => number, low: number, high: number): number => {
  const ratio = (Math.sqrt(5) - 1) / 2
  let [a, b] = [low, high]
  let [c, d] = [b - ratio * (b - a), a + ratio * (b - a)]
  let [atC, atD] = [value(c), value(d)]
  for (let round = 0; round < 45; round++) {
    if (atC >= atD) {
      b = d
      d = c
      atD = atC
      c = b - ratio * (b - a)
      atC = value(c)
    } else {
      a = c
      c = d
      atC = atD
      d = a + ratio * (b - a)
      atD = value(d)
    }
  }
  return Math.max(atC, atD)
}

// The evidence may have several maxima in lambda, each about a decade wide or more, so that a grid
// finds the highest; beyond the grid it is flat.
const maximum = (target: Target): number => {
  const { squares } = target
  const [top, least] = [squares[0], squares.at(-1)]
  if (top === undefined || least === undefined) return nullEvidence(target)
  const from = perDecade * (Math.log10(least) - decadesBelow)
  const steps = Math.ceil(perDecade * (Math.log10(top) + decadesAbove) - from)
  const value = (at: number): number => evidence(target, 10 ** (at / perDecade))
  let [best, highest] = [0, Number.NEGATIVE_INFINITY]
  for (let step = 0; step <= steps; step++) {
    const found = value(from + step)
    if (found > highest) {
      best = step
      highest = found
    }
  }
  const refined = goldenSection(value, from + Math.max(0, best - 1), from + best + 1)
  return Math.max(highest, refined, nullEvidence(target))
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
 * evidence per sample, in nats, any real number, higher is better. The maximum is the highest one; the
 * authors' fixed point ends in whichever is near its start, and before it converges. Rotation and scale
 * do not matter, translation does. Where no weights are best, as with features of zeros, it is their
 * evidence without weights. Left where fewer directions than samples fit labels exactly, and where N
 * and d both pass `largestSide`. */
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

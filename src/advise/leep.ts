// LEEP: how well source-class probabilities foretell the labels (Nguyen et al. 2020).
import * as E from 'fp-ts/Either'
import type { Features, Labels } from '../collapse/features.ts'
import { badShape, type MetricError } from '../collapse/metric-error.ts'
import { checkLabelled } from './labelled.ts'

const sumTolerance = 1e-3

// Rows divided by their sums, or the first row that is no distribution.
const normalised = ({ data, n, d }: Features): E.Either<MetricError, Float64Array> => {
  const out = Float64Array.from(data)
  for (let i = 0; i < n; i++) {
    const row = out.subarray(i * d, i * d + d)
    const sum = row.reduce((total, p) => (p < 0 ? Number.NaN : total + p), 0)
    if (!(Math.abs(sum - 1) <= sumTolerance)) {
      return E.left(badShape(`probabilities in row ${i} that are negative or do not sum to 1`))
    }
    for (let j = 0; j < d; j++) row[j] = (row[j] ?? 0) / sum
  }
  return E.right(out)
}

// P(y | z) [K, C_s]; zero for a source class that no sample has.
const conditional = (theta: Float64Array, ids: Int32Array, classes: number, width: number) => {
  const joint = new Float64Array(classes * width)
  const marginal = new Float64Array(width)
  ids.forEach((id, i) => {
    for (let z = 0; z < width; z++) {
      const p = theta[i * width + z] ?? 0
      joint[id * width + z] = (joint[id * width + z] ?? 0) + p
      marginal[z] = (marginal[z] ?? 0) + p
    }
  })
  return joint.map((p, at) => (p > 0 ? p / (marginal[at % width] ?? 1) : 0))
}

/** LEEP of source-class probabilities [N, C_s] and labels: the mean log likelihood of the labels
 * under P(y | x) = sum_z P(y | z) theta_z(x); <= 0, in nats, higher is better; - H(y) where the
 * probabilities are all alike. Rows may miss a sum of 1 by 1e-3 and are divided by it. */
export const leep = (probabilities: Features, labels: Labels): E.Either<MetricError, number> => {
  const checked = checkLabelled({ features: probabilities, labels })
  if (E.isLeft(checked)) return checked
  const theta = normalised(probabilities)
  if (E.isLeft(theta)) return theta
  const { ids, classes } = checked.right
  const { d } = probabilities
  const given = conditional(theta.right, ids, classes, d)
  const sum = ids.reduce((total, id, i) => {
    let likelihood = 0
    for (let z = 0; z < d; z++) {
      likelihood += (given[id * d + z] ?? 0) * (theta.right[i * d + z] ?? 0)
    }
    return total + Math.log(likelihood)
  }, 0)
  return E.right(Math.min(0, sum / ids.length))
}

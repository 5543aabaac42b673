// Intervals of a score from groups of rows left out in turn: no row is ever seen twice, unlike in a bootstrap.
import * as E from 'fp-ts/Either'
import { groupRows } from '../collapse/group-rows.ts'
import { badShape, type MetricError, notDefined } from '../collapse/metric-error.ts'
import { permutation } from '../core/random.ts'
import type { Score } from './bootstrap.ts'
import { checkLabelled, type Labelled, pickRows } from './labelled.ts'

/** At most how many `groups` of each class are left out in turn (10), and the `seed` of their draw (0). */
export interface JackknifeOptions {
  readonly groups?: number
  readonly seed?: number
}

/** A score of all rows and of the rows without each group; the same seed and labels leave out the same rows. */
export interface Jackknife {
  readonly estimate: number
  readonly leftOut: ReadonlyArray<number>
}

/** The range in which a quantity lies with 95 % confidence. */
export interface Range {
  readonly low: number
  readonly high: number
}

/** Student's t at 0.975 for 1 .. 19 degrees of freedom. */
const tTable = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145,
  2.131, 2.12, 2.11, 2.101, 2.093,
]

const mostGroups = tTable.length + 1

/** The group 0 .. groups-1 of every row: each class falls into groups of sizes as equal as can be. */
const groupsOf = (
  ids: Int32Array,
  classes: number,
  groups: number,
  seed: number,
): { readonly group: Int32Array; readonly least: number } => {
  const { order, starts } = groupRows(ids, classes)
  const group = new Int32Array(ids.length)
  let least = ids.length
  for (let k = 0; k < classes; k++) {
    const own = order.subarray(starts[k] ?? 0, starts[k + 1] ?? 0)
    least = Math.min(least, own.length)
    permutation(own.length, seed, `jackknife.${k}`).forEach((at, i) => {
      group[own[at] ?? 0] = i % groups
    })
  }
  return { group, least }
}

/** The score without each of up to 10 groups of every class, the delete-a-group jackknife (Kott 2001). Left where the
 * samples or a group's rest have no score, and where a class has fewer than two rows. */
export const jackknife = (
  score: Score,
  labelled: Labelled,
  { groups = 10, seed = 0 }: JackknifeOptions = {},
): E.Either<MetricError, Jackknife> => {
  const checked = checkLabelled(labelled)
  if (E.isLeft(checked)) return checked
  if (!(Number.isInteger(groups) && groups > 1 && groups <= mostGroups)) {
    return E.left(badShape(`${groups} groups, of 2 to ${mostGroups}`))
  }
  const { ids, classes } = checked.right
  const { least } = groupsOf(ids, classes, groups, seed)
  const count = Math.min(groups, least)
  if (count < 2) return E.left(notDefined('two samples of every class at least are left out'))
  const { group } = groupsOf(ids, classes, count, seed)
  const all = Int32Array.from(ids.keys())
  const estimate = score(labelled, all)
  if (E.isLeft(estimate)) return estimate
  const leftOut: Array<number> = []
  for (let g = 0; g < count; g++) {
    const rows = all.filter(row => group[row] !== g)
    const value = score(pickRows(labelled, rows), rows)
    if (E.isLeft(value)) return value
    leftOut.push(value.right)
  }
  return E.right({ estimate: estimate.right, leftOut })
}

const halfWidth = (leftOut: ReadonlyArray<number>): number => {
  const n = leftOut.length
  const mean = leftOut.reduce((sum, x) => sum + x, 0) / n
  const squares = leftOut.reduce((sum, x) => sum + (x - mean) ** 2, 0)
  return (tTable[n - 2] ?? Number.NaN) * Math.sqrt(((n - 1) / n) * squares)
}

const isPositive = ({ estimate, leftOut }: Jackknife): boolean =>
  [estimate, ...leftOut].every(x => x > 0 && Number.isFinite(x))

/** The 95 % interval of a score: Student's t on the groups, of its logarithm where it is positive throughout. It is of
 * the score at this number of samples, whose own shift with their number (nc1 rises with them) is not in it. */
export const jackknifeRange = (found: Jackknife): Range => {
  const { estimate, leftOut } = found
  if (!isPositive(found)) {
    const half = halfWidth(leftOut)
    return { low: estimate - half, high: estimate + half }
  }
  const factor = Math.exp(halfWidth(leftOut.map(Math.log)))
  return { low: estimate / factor, high: estimate * factor }
}

/** Whether two positive scores of the same rows, with the same groups left out, differ with 95 % confidence: the
 * interval of the logarithm of their ratio leaves 0 out. False where either is not positive, or groups do not match. */
export const tellsApart = (a: Jackknife, b: Jackknife): boolean => {
  if (!isPositive(a) || !isPositive(b) || a.leftOut.length !== b.leftOut.length) return false
  const ratios = a.leftOut.map((x, g) => Math.log(x / (b.leftOut[g] ?? Number.NaN)))
  return Math.abs(Math.log(a.estimate / b.estimate)) > halfWidth(ratios)
}

// Features with their labels: the checks all scores share, rows picked out, and a stratified split.
import * as E from 'fp-ts/Either'
import {
  checkFeatures,
  type ClassIds,
  classIds,
  type Features,
  type Labels,
} from '../collapse/features.ts'
import { groupRows } from '../collapse/group-rows.ts'
import {
  badLabel,
  badShape,
  type MetricError,
  notDefined,
  notFinite,
  oneClass,
} from '../collapse/metric-error.ts'
import { permutation } from '../core/random.ts'

/** Features [N, d] and one class id of 0 .. K-1 for each row. */
export interface Labelled {
  readonly features: Features
  readonly labels: Labels
}

const finiteRows = ({ data, d }: Features): E.Either<MetricError, null> => {
  const bad = data.findIndex(x => !Number.isFinite(x))
  return bad < 0 ? E.right(null) : E.left(notFinite(Math.floor(bad / d)))
}

/** Checks sizes, labels, that all values are finite, and that there are two classes at least. */
export const checkLabelled = ({ features, labels }: Labelled): E.Either<MetricError, ClassIds> => {
  const checked = checkFeatures(features, labels)
  if (E.isLeft(checked)) return checked
  const finite = finiteRows(features)
  if (E.isLeft(finite)) return finite
  return checked.right.classes < 2 ? E.left(oneClass) : checked
}

/** Checks held-out rows against the training rows' width and classes; a class may be missing. */
export const checkHeldOut = (
  { features, labels }: Labelled,
  classes: number,
  d: number,
): E.Either<MetricError, Int32Array> => {
  const { n, data } = features
  if (features.d !== d || n < 1 || data.length !== n * d || labels.length !== n) {
    return E.left(badShape(`held-out features of shape [${n}, ${features.d}] beside width ${d}`))
  }
  const ids = Int32Array.from(labels)
  const bad = ids.findIndex((id, i) => id !== labels[i] || id < 0 || id >= classes)
  if (bad >= 0) return E.left(badLabel(bad, labels[bad] ?? Number.NaN))
  return E.map(() => ids)(finiteRows(features))
}

/** The rows named by `rows`, copied in that order; a row may come more than once. */
export const pickRows = (
  { features: { data, d }, labels }: Labelled,
  rows: ArrayLike<number>,
): Labelled => {
  const size = rows.length * d
  const picked = data instanceof Float32Array ? new Float32Array(size) : new Float64Array(size)
  for (let i = 0; i < rows.length; i++) {
    const from = (rows[i] ?? 0) * d
    picked.set(data.subarray(from, from + d), i * d)
  }
  return {
    features: { data: picked, n: rows.length, d },
    labels: Int32Array.from(rows, row => labels[row] ?? 0),
  }
}

/** What share of each class to hold out (default 0.25), and the seed of the draw (default 0). */
export interface SplitOptions {
  readonly share?: number
  readonly seed?: number
}

/** Row numbers in rising order. */
export interface RowSplit {
  readonly train: Int32Array
  readonly test: Int32Array
}

const heldOutOf = (n: number, share: number): number =>
  n < 2 ? 0 : Math.min(n - 1, Math.max(1, Math.round(n * share)))

/** A random split within classes: a class of one sample trains, any other gives one row at least to
 * either side. Left for bad labels, a share outside (0, 1), or no class of two samples. */
export const stratifiedSplit = (
  labels: Labels,
  { share = 0.25, seed = 0 }: SplitOptions = {},
): E.Either<MetricError, RowSplit> => {
  if (!(share > 0 && share < 1)) return E.left(badShape(`a held-out share of ${share}`))
  const checked = classIds(labels)
  if (E.isLeft(checked)) return checked
  const { ids, classes } = checked.right
  const { order, starts } = groupRows(ids, classes)
  const held = new Uint8Array(ids.length)
  for (let k = 0; k < classes; k++) {
    const own = order.subarray(starts[k] ?? 0, starts[k + 1] ?? 0)
    const drawn = permutation(own.length, seed, `split.${k}`)
    for (const at of drawn.subarray(0, heldOutOf(own.length, share))) held[own[at] ?? 0] = 1
  }
  const rowsWith = (mark: number) =>
    Int32Array.from([...held.keys()].filter(row => held[row] === mark))
  const split = { train: rowsWith(0), test: rowsWith(1) }
  return split.test.length > 0
    ? E.right(split)
    : E.left(notDefined('a split needs a class of two samples at least'))
}

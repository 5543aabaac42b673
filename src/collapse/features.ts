// What a measurement starts from: features, labels, a classifier; and the checks on them.
import * as E from 'fp-ts/Either'
import { badLabel, badShape, emptyClass, type MetricError } from './metric-error.ts'

/** `n` feature vectors of width `d`, row-major: sample i is `data[i*d .. (i+1)*d)`. */
export interface Features {
  readonly data: Float32Array | Float64Array
  readonly n: number
  readonly d: number
}

/** One class id of 0 .. K-1 for each sample. */
export type Labels = ArrayLike<number>

/** The last layer: `weight` is W [K, d] row-major, `bias` is b [K], zero where absent. */
export interface Classifier {
  readonly weight: ArrayLike<number>
  readonly bias?: ArrayLike<number>
}

/** Labels found fit to use: ids 0 .. `classes`-1, none missing. */
export interface ClassIds {
  readonly ids: Int32Array
  readonly classes: number
}

/** Rows of one class or of many, as passes see them: `first` is the index of the first row. */
export interface Block {
  readonly data: Float32Array | Float64Array
  readonly ids: Int32Array
  readonly first: number
}

const firstMissing = (ids: Int32Array): number => {
  const seen = new Uint8Array(ids.length + 1)
  for (const id of ids) if (id < seen.length) seen[id] = 1
  return seen.indexOf(0)
}

const wholeIds = (labels: Labels): E.Either<MetricError, Int32Array> => {
  const ids = new Int32Array(labels.length)
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i] ?? Number.NaN
    if (!(Number.isInteger(label) && label >= 0 && label < 2 ** 31)) {
      return E.left(badLabel(i, label))
    }
    ids[i] = label
  }
  return E.right(ids)
}

/** Checks that labels are whole, not negative, and leave no class of 0 .. max empty. */
export const classIds = (labels: Labels): E.Either<MetricError, ClassIds> => {
  const ids = wholeIds(labels)
  if (E.isLeft(ids)) return ids
  const classes = ids.right.reduce((top, id) => Math.max(top, id), -1) + 1
  const missing = firstMissing(ids.right)
  return missing < classes ? E.left(emptyClass(missing)) : E.right({ ids: ids.right, classes })
}

/** Checks that the array holds [n, d] and that there are n labels, then `classIds`. */
export const checkFeatures = (
  { data, n, d }: Features,
  labels: Labels,
): E.Either<MetricError, ClassIds> => {
  if (!(Number.isInteger(n) && Number.isInteger(d) && n > 0 && d > 0)) {
    return E.left(badShape(`features of shape [${n}, ${d}]`))
  }
  if (data.length !== n * d) {
    return E.left(badShape(`${data.length} values for features of shape [${n}, ${d}]`))
  }
  if (labels.length !== n) return E.left(badShape(`${labels.length} labels for ${n} features`))
  return classIds(labels)
}

const finite = (xs: ArrayLike<number>): boolean => {
  for (let i = 0; i < xs.length; i++) if (!Number.isFinite(xs[i])) return false
  return true
}

/** Checks that a classifier is W [classes, d] and b [classes], all finite. */
export const checkClassifier = (
  { weight, bias }: Classifier,
  classes: number,
  d: number,
): E.Either<MetricError, Classifier> => {
  if (weight.length !== classes * d) {
    return E.left(badShape(`weight of ${weight.length} values, not [${classes}, ${d}]`))
  }
  if (bias !== undefined && bias.length !== classes) {
    return E.left(badShape(`bias of ${bias.length} values for ${classes} classes`))
  }
  return finite(weight) && (bias === undefined || finite(bias))
    ? E.right(bias === undefined ? { weight } : { weight, bias })
    : E.left(badShape('NaN or Inf in the classifier'))
}

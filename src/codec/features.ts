// Which arrays of a file are the features, labels and classifier, and whether they fit together.
import * as E from 'fp-ts/Either'
import { type Fault, fault } from '../core/fault.ts'
import {
  type ArrayPlace,
  integersOf,
  isFloat,
  type NumberArray,
  showShape,
} from './number-array.ts'

/** What can be told of an array without reading it. */
export type Described = Pick<ArrayPlace, 'dtype' | 'shape'>

/** The names of the arrays to read; null where the file has none. */
export interface Chosen {
  readonly features: string
  readonly labels: string | null
  readonly weight: string | null
  readonly bias: string | null
}

const named = (arrays: ReadonlyMap<string, Described>, name: string): string | null =>
  arrays.has(name) ? name : null

const others = ['labels', 'weight', 'bias']

const chooseFeatures = (
  arrays: ReadonlyMap<string, Described>,
  where: string,
): E.Either<Fault, string> => {
  if (arrays.has('features')) return E.right('features')
  const free = Array.from(arrays).filter(([name]) => !others.includes(name))
  const matrices = free.filter(([, { dtype, shape }]) => isFloat(dtype) && shape.length === 2)
  const [first, ...more] = free.length === 1 ? free : matrices
  if (first !== undefined && more.length === 0) return E.right(first[0])
  const what = first === undefined ? 'no features in the file' : 'several arrays may be features'
  return E.left(fault(what, where, "name an array of shape [N, d] 'features'"))
}

/** Finds `features` (or the only two-dimensional float array), `labels`, `weight` and `bias`. */
export const chooseArrays = (
  arrays: ReadonlyMap<string, Described>,
  where: string,
): E.Either<Fault, Chosen> =>
  E.map((features: string) => ({
    features,
    labels: named(arrays, 'labels'),
    weight: named(arrays, 'weight'),
    bias: named(arrays, 'bias'),
  }))(chooseFeatures(arrays, where))

/** Checks that features are floats of shape [N, d], both at least 1; right is that shape. */
export const featureShape = (
  { dtype, shape }: Described,
  where: string,
): E.Either<Fault, readonly [n: number, d: number]> => {
  const [n = 0, d = 0] = shape
  if (shape.length !== 2 || n < 1 || d < 1) {
    return E.left(fault(`features of shape ${showShape(shape)}`, where, 'give shape [N, d]'))
  }
  return isFloat(dtype)
    ? E.right([n, d])
    : E.left(fault(`features of type ${dtype}`, where, 'save them as float32'))
}

/** Checks that labels are whole numbers, [n], before they are read. */
export const checkLabels = (
  { dtype, shape }: Described,
  n: number,
  where: string,
): E.Either<Fault, void> => {
  if (shape.length !== 1) {
    return E.left(fault(`labels of shape ${showShape(shape)}`, where, `give shape [${n}]`))
  }
  if (isFloat(dtype)) {
    return E.left(fault(`labels of type ${dtype}, not whole numbers`, where, 'save them as int64'))
  }
  return shape[0] === n
    ? E.right(undefined)
    : E.left(fault(`${shape[0]} labels for ${n} features`, where, 'give one label for each row'))
}

/** Labels as class ids. Left for a negative label or one past 2^31 - 1, naming its row. */
export const decodeLabels = (array: NumberArray, where: string): E.Either<Fault, Int32Array> => {
  const numbers = integersOf(array, where)
  if (E.isLeft(numbers)) return numbers
  const bad = numbers.right.findIndex(label => label < 0 || label >= 2 ** 31)
  return bad < 0
    ? E.right(Int32Array.from(numbers.right))
    : E.left(
        fault(
          `label ${numbers.right[bad]} in row ${bad}`,
          where,
          'labels must be whole numbers 0 .. K-1',
        ),
      )
}

/** Checks that a weight is floats of shape [K, d] and a bias, where there is one, floats [K]. */
export const checkLastLayer = (
  weight: Described,
  bias: Described | null,
  [classes, d]: readonly [number, number],
  where: string,
): E.Either<Fault, void> => {
  const [rows, columns] = weight.shape
  const fits = weight.shape.length === 2 && rows === classes && columns === d
  if (!fits || !isFloat(weight.dtype)) {
    const what = `weight ${weight.dtype} ${showShape(weight.shape)}`
    return E.left(fault(what, where, `give floats of shape [${classes}, ${d}]`))
  }
  const straight = bias === null || (bias.shape.length === 1 && bias.shape[0] === classes)
  if (!straight || (bias !== null && !isFloat(bias.dtype))) {
    const what = `bias ${bias?.dtype} ${showShape(bias?.shape ?? [])}`
    return E.left(fault(what, where, `give floats of shape [${classes}]`))
  }
  return E.right(undefined)
}

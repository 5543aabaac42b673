// Why a metric has no value: errors of the measurement as data.
import { type Fault, fault } from '../core/fault.ts'

/** Every reason for which a metric, or a whole measurement, has no number to give. */
export type MetricError =
  | { readonly _tag: 'BadShape'; readonly what: string }
  | { readonly _tag: 'BadLabel'; readonly row: number; readonly label: number }
  | { readonly _tag: 'EmptyClass'; readonly label: number }
  | { readonly _tag: 'OneClass' }
  | { readonly _tag: 'NotFinite'; readonly row: number }
  | { readonly _tag: 'Overflow'; readonly what: string }
  | { readonly _tag: 'EqualMeans'; readonly first: number; readonly second: number }
  | { readonly _tag: 'NoBetweenClass' }
  | { readonly _tag: 'CentralMean'; readonly label: number }
  | { readonly _tag: 'ZeroFeatures'; readonly label: number }
  | { readonly _tag: 'NotDefined'; readonly why: string }

/** Features, labels or a classifier whose sizes do not fit together. */
export const badShape = (what: string): MetricError => ({ _tag: 'BadShape', what })

/** A label that is negative, not whole, or past 2^31 - 1, at `row` (from 0). */
export const badLabel = (row: number, label: number): MetricError => ({
  _tag: 'BadLabel',
  row,
  label,
})

/** No sample carries `label`, though a higher label occurs. */
export const emptyClass = (label: number): MetricError => ({ _tag: 'EmptyClass', label })

/** All samples carry one label: nothing to compare. */
export const oneClass: MetricError = { _tag: 'OneClass' }

/** The features hold NaN or an infinity, first in `row` (from 0). */
export const notFinite = (row: number): MetricError => ({ _tag: 'NotFinite', row })

/** Finite features so large that a sum or a square leaves float64. */
export const overflow = (what: string): MetricError => ({ _tag: 'Overflow', what })

/** Classes `first` and `second` have the same mean, so their distance is zero. */
export const equalMeans = (first: number, second: number): MetricError => ({
  _tag: 'EqualMeans',
  first,
  second,
})

/** All class means are equal: Sigma_B is zero. */
export const noBetweenClass: MetricError = { _tag: 'NoBetweenClass' }

/** The mean of class `label` is the global mean, so it has no direction. */
export const centralMean = (label: number): MetricError => ({ _tag: 'CentralMean', label })

/** All features of class `label` are zero: their rank is 0 / 0. */
export const zeroFeatures = (label: number): MetricError => ({ _tag: 'ZeroFeatures', label })

/** The metric asks for what the input lacks (a classifier, equal class sizes, enough width). */
export const notDefined = (why: string): MetricError => ({ _tag: 'NotDefined', why })

const words = (e: MetricError): readonly [what: string, mend: string] => {
  switch (e._tag) {
    case 'BadShape':
      return [e.what, 'give features [N, d] and one label for each row']
    case 'BadLabel':
      return [`label ${e.label} in row ${e.row}`, 'labels must be whole numbers 0 .. K-1']
    case 'EmptyClass':
      return [`class ${e.label} has no sample`, 'number the classes 0 .. K-1 without gaps']
    case 'OneClass':
      return ['all samples are of one class', 'give samples of two classes at least']
    case 'NotFinite':
      return [`NaN or Inf in the features, first in row ${e.row}`, 'drop or repair such rows']
    case 'Overflow':
      return [`${e.what} is too large for float64`, 'scale the features down']
    case 'EqualMeans':
      return [`classes ${e.first} and ${e.second} have equal means`, 'merge or drop one of them']
    case 'NoBetweenClass':
      return ['all class means are equal', 'check the labels and the features']
    case 'CentralMean':
      return [`the mean of class ${e.label} is the global mean`, 'drop that class']
    case 'ZeroFeatures':
      return [`all features of class ${e.label} are zero`, 'check that class']
    case 'NotDefined':
      return ['not defined here', e.why]
  }
}

/** The error in words, on one line. */
export const showMetricError = (e: MetricError): string => words(e).join(': ')

/** The error as a fault of the file or array named `where`. */
export const faultOfMetric =
  (where: string) =>
  (e: MetricError): Fault => {
    const [what, mend] = words(e)
    return fault(what, where, mend)
  }

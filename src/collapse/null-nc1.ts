// What NC1 would be, on average, for features without structure: the scale to read NC1 against.
import * as E from 'fp-ts/Either'
import { type MetricError, notDefined, oneClass } from './metric-error.ts'

/** NC1 that independent isotropic features of these class sizes and width `d` have in the mean:
 * (n-1)(K-1)/(d-K) for K classes of n samples each and d > K. Left for one class, classes of
 * unequal size, or d <= K. */
export const nullNc1 = (counts: ArrayLike<number>, d: number): E.Either<MetricError, number> => {
  const sizes = Array.from(counts)
  const [n = 0] = sizes
  if (sizes.length < 2) return E.left(oneClass)
  if (sizes.some(size => size !== n)) return E.left(notDefined('classes of equal size are needed'))
  if (d <= sizes.length) return E.left(notDefined('features wider than K are needed'))
  return E.right(((n - 1) * (sizes.length - 1)) / (d - sizes.length))
}

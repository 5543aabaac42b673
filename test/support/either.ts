// Eithers in tests: their values, and numbers compared with a tolerance.
import * as E from 'fp-ts/Either'

/** The right value; a left one fails the test and is shown. */
export const right = <X, A>(either: E.Either<X, A>): A => {
  if (E.isLeft(either)) throw new Error(JSON.stringify(either.left))
  return either.right
}

/** The left value; a right one fails the test. */
export const left = <X, A>(either: E.Either<X, A>): X => {
  if (E.isRight(either)) throw new Error('a left value was expected')
  return either.left
}

/** Fails unless |actual - expected| <= tolerance * max(1, |expected|). */
export const near = (actual: number, expected: number, tolerance: number, what = ''): void => {
  const bound = tolerance * Math.max(1, Math.abs(expected))
  if (!(Math.abs(actual - expected) <= bound)) {
    throw new Error(`${what}: ${actual}, expected ${expected}`)
  }
}

/** Fails unless |actual - expected| <= tolerance * |expected|. */
export const nearRelative = (
  actual: number,
  expected: number,
  tolerance: number,
  what = '',
): void => {
  if (!(Math.abs(actual - expected) <= tolerance * Math.abs(expected))) {
    throw new Error(`${what}: ${actual}, expected ${expected}`)
  }
}

// Comparison of whole arrays with one tolerance.
import type { Data } from '../../src/core/aval.ts'

const largest = (data: Data): number => {
  let top = 0
  for (const x of data) if (Number.isFinite(x)) top = Math.max(top, Math.abs(x))
  return top
}

/**
 * The first element that differs from the expected one by more than `tolerance` times the largest expected magnitude, as
 * text; null where there is none. Values that are not finite must be the same on both sides.
 */
export const differsAt = (actual: Data, expected: Data, tolerance: number): string | null => {
  if (actual.length !== expected.length) {
    return `${actual.length} elements instead of ${expected.length}`
  }
  const bound = tolerance * largest(expected)
  const i = expected.findIndex((e, k) => {
    const a = actual[k] ?? Number.NaN
    return !(Object.is(a, e) || a === e || Math.abs(a - e) <= bound)
  })
  return i < 0
    ? null
    : `element ${i} is ${actual[i]}, expected ${expected[i]} within ${bound.toExponential(1)}`
}

// The largest eigenvalue of a symmetric tridiagonal matrix, with an estimate of its Lanczos error.

// How many eigenvalues lie above x: the negative pivots of x - T (Sturm).
const above = (a: ReadonlyArray<number>, b: ReadonlyArray<number>, x: number): number => {
  let count = 0
  let pivot = 1
  for (let i = 0; i < a.length; i++) {
    const side = i === 0 ? 0 : (b[i - 1] ?? 0) ** 2 / pivot
    pivot = x - (a[i] ?? 0) - side
    if (pivot === 0) pivot = -Number.MIN_VALUE
    if (pivot < 0) count++
  }
  return count
}

const bounds = (a: ReadonlyArray<number>, b: ReadonlyArray<number>): [number, number] => {
  let low = Number.POSITIVE_INFINITY
  let high = Number.NEGATIVE_INFINITY
  for (let i = 0; i < a.length; i++) {
    const reach = (i > 0 ? (b[i - 1] ?? 0) : 0) + (i < a.length - 1 ? (b[i] ?? 0) : 0)
    low = Math.min(low, (a[i] ?? 0) - reach)
    high = Math.max(high, (a[i] ?? 0) + reach)
  }
  return [low, high]
}

/** The `rank`-th largest eigenvalue (1 is the largest) of the tridiagonal with diagonal `a` and
 * off-diagonal `b` (not negative), by bisection to rounding. */
export const tridiagonalEigenvalue = (
  a: ReadonlyArray<number>,
  b: ReadonlyArray<number>,
  rank: number,
): number => {
  let [low, high] = bounds(a, b)
  for (let i = 0; i < 200; i++) {
    const middle = low + (high - low) / 2
    if (middle <= low || middle >= high) break
    if (above(a, b, middle) >= rank) low = middle
    else high = middle
  }
  return high
}

/** The last component of the unit eigenvector for the largest eigenvalue `value`, by the
 * recurrence from the end, along which that vector grows. */
export const lastComponent = (
  a: ReadonlyArray<number>,
  b: ReadonlyArray<number>,
  value: number,
): number => {
  let next = 0
  let here = 1
  let square = 1
  for (let i = a.length - 1; i > 0; i--) {
    const before = ((value - (a[i] ?? 0)) * here - (b[i] ?? 0) * next) / (b[i - 1] ?? 1)
    next = here
    here = before
    square += before * before
  }
  return 1 / Math.sqrt(square)
}

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

// The pivots of T - value, from the first row on.
const pivots = (
  a: ReadonlyArray<number>,
  b: ReadonlyArray<number>,
  value: number,
): ReadonlyArray<number> => {
  let before = 1
  return a.map((x, i) => {
    const side = i === 0 ? 0 : (b[i - 1] ?? 0) ** 2 / before
    const pivot = x - value - side
    before = pivot === 0 ? -Number.MIN_VALUE : pivot
    return before
  })
}

/** The last component, not negative, of the unit eigenvector for the eigenvalue `value`. The
 * vector is built outwards from its largest entry (a twisted factorisation, Parlett and Dhillon
 * 1997), since a recurrence from either end alone may be all rounding at the other. */
export const lastComponent = (
  a: ReadonlyArray<number>,
  b: ReadonlyArray<number>,
  value: number,
): number => {
  const n = a.length
  const down = pivots(a, b, value)
  const up = pivots(a.toReversed(), b.slice(0, n - 1).toReversed(), value).toReversed()
  const twist = (i: number) => Math.abs((down[i] ?? 0) + (up[i] ?? 0) - (a[i] ?? 0) + value)
  const at = a.reduce((best, _, i) => (twist(i) < twist(best) ? i : best), 0)
  let square = 1
  let entry = 1
  for (let i = at - 1; i >= 0; i--) {
    entry *= (b[i] ?? 0) / (down[i] ?? 1)
    square += entry * entry
  }
  entry = 1
  for (let i = at + 1; i < n; i++) {
    entry *= (b[i - 1] ?? 0) / (up[i] ?? 1)
    square += entry * entry
  }
  return Math.abs(entry) / Math.sqrt(square)
}

// L-BFGS in float64 for smooth convex functions (Nocedal 1980), with Armijo's step rule.

/** The value of a function and its gradient at a point. */
export interface Valued {
  readonly value: number
  readonly gradient: Float64Array
}

/** `memory` pairs kept (10), at most `maxIterations` (200), done where no entry of the gradient
 * passes `tolerance` (1e-5). */
export interface LbfgsOptions {
  readonly memory?: number
  readonly maxIterations?: number
  readonly tolerance?: number
}

/** The last point, the value there, the steps made, and whether the gradient came below tolerance. */
export interface Minimum {
  readonly x: Float64Array
  readonly value: number
  readonly iterations: number
  readonly converged: boolean
}

interface Pair {
  readonly s: Float64Array
  readonly y: Float64Array
  readonly curvature: number
}

const dot = (a: Float64Array, b: Float64Array): number => {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0)
  return sum
}

const addScaled = (to: Float64Array, by: number, from: Float64Array): void => {
  for (let i = 0; i < to.length; i++) to[i] = (to[i] ?? 0) + by * (from[i] ?? 0)
}

const along = (x: Float64Array, step: number, direction: Float64Array): Float64Array => {
  const next = x.slice()
  addScaled(next, step, direction)
  return next
}

const largest = (xs: Float64Array): number => xs.reduce((top, x) => Math.max(top, Math.abs(x)), 0)

// - H g by the two loops over the pairs, oldest first; scaled steepest descent while there is none.
const directionOf = (gradient: Float64Array, pairs: ReadonlyArray<Pair>): Float64Array => {
  const q = gradient.map(g => -g)
  const shares = new Float64Array(pairs.length)
  for (let i = pairs.length - 1; i >= 0; i--) {
    const pair = pairs[i]
    if (pair === undefined) continue
    shares[i] = dot(pair.s, q) / pair.curvature
    addScaled(q, -(shares[i] ?? 0), pair.y)
  }
  const last = pairs.at(-1)
  const scale =
    last === undefined
      ? 1 / Math.max(1, Math.sqrt(dot(gradient, gradient)))
      : last.curvature / dot(last.y, last.y)
  for (let i = 0; i < q.length; i++) q[i] = (q[i] ?? 0) * scale
  pairs.forEach((pair, i) => {
    addScaled(q, (shares[i] ?? 0) - dot(pair.y, q) / pair.curvature, pair.s)
  })
  return q
}

interface Point extends Valued {
  readonly x: Float64Array
}

const sufficient = 1e-4
const trials = 30

// The first step of 1, shorter, shorter that falls enough; null where rounding hides every fall.
const stepFrom = (
  objective: (x: Float64Array) => Valued,
  { x, value, gradient }: Point,
  direction: Float64Array,
): Point | null => {
  const slope = dot(gradient, direction)
  let step = 1
  for (let trial = 0; trial < trials; trial++) {
    const next = along(x, step, direction)
    const found = objective(next)
    if (found.value <= value + sufficient * step * slope) return { x: next, ...found }
    const bend = (-slope * step * step) / (2 * (found.value - value - slope * step))
    step = Number.isFinite(bend) ? Math.min(0.5 * step, Math.max(0.1 * step, bend)) : 0.1 * step
  }
  return null
}

/** A minimum of `objective` from `start`: the same steps on every machine, none past
 * `maxIterations`. Holds 2 `memory` + 4 vectors. Stops early where rounding hides further progress. */
export const minimise = (
  objective: (x: Float64Array) => Valued,
  start: Float64Array,
  { memory = 10, maxIterations = 200, tolerance = 1e-5 }: LbfgsOptions = {},
): Minimum => {
  let at: Point = { x: start, ...objective(start) }
  let pairs: ReadonlyArray<Pair> = []
  let iterations = 0
  while (iterations < maxIterations && largest(at.gradient) > tolerance) {
    const next = stepFrom(objective, at, directionOf(at.gradient, pairs))
    if (next === null) break
    const s = along(next.x, -1, at.x)
    const y = along(next.gradient, -1, at.gradient)
    const curvature = dot(s, y)
    if (curvature > 0) pairs = [...pairs, { s, y, curvature }].slice(-memory)
    at = next
    iterations++
  }
  return { x: at.x, value: at.value, iterations, converged: largest(at.gradient) <= tolerance }
}

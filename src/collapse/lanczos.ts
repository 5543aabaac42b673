// The largest squared singular value of every class's H_k at once: Lanczos on H_k^T H_k, one pass
// over the rows per step, in float64 from a deterministic start (Golub and Kahan 1965).
import { normals } from '../core/random.ts'
import type { Means } from './means.ts'
import { lastComponent, tridiagonalEigenvalue } from './tridiagonal.ts'

/** Where each class stands: `vectors` [K, d] wait to be multiplied, `active` [K] says by which
 * classes; `values` [K] are the estimates of sigma_max^2. */
export interface Lanczos {
  readonly d: number
  readonly vectors: Float64Array
  readonly previous: Float64Array
  readonly active: Uint8Array
  readonly values: Float64Array
  readonly diagonals: ReadonlyArray<ReadonlyArray<number>>
  readonly offs: ReadonlyArray<ReadonlyArray<number>>
}

const relativeTolerance = 1e-10
const residualTolerance = 1e-8
const stepLimit = 500

const length = (x: Float64Array): number => {
  let sum = 0
  for (const value of x) sum += value * value
  return Math.sqrt(sum)
}

const unit = (x: Float64Array): Float64Array => {
  const norm = length(x)
  return norm > 0 ? x.map(value => value / norm) : x
}

// The mean's direction, where features far from zero have their largest singular vector, and a
// little of every other direction; without a mean (centred), a random direction.
const startOf = (mean: Float64Array, d: number): Float64Array => {
  const next = normals(1, 'lanczos')
  const noise = unit(Float64Array.from({ length: d }, () => next()))
  const head = unit(mean)
  return unit(noise.map((x, j) => 0.1 * x + (head[j] ?? 0)))
}

/** The state before the first multiplication. */
export const startLanczos = (
  { classes, d, means }: Pick<Means, 'classes' | 'd' | 'means'>,
  centred: boolean,
): Lanczos => {
  const vectors = new Float64Array(classes * d)
  for (let k = 0; k < classes; k++) {
    const mean = centred ? new Float64Array(d) : means.slice(k * d, k * d + d)
    vectors.set(startOf(mean, d), k * d)
  }
  return {
    d,
    vectors,
    previous: new Float64Array(classes * d),
    active: new Uint8Array(classes).fill(1),
    values: new Float64Array(classes),
    diagonals: Array.from({ length: classes }, () => []),
    offs: Array.from({ length: classes }, () => []),
  }
}

/** True where every class has reached the tolerance (1e-10 relative). */
export const lanczosDone = ({ active }: Lanczos): boolean => active.every(flag => flag === 0)

interface Step {
  readonly diagonal: ReadonlyArray<number>
  readonly off: ReadonlyArray<number>
  readonly value: number
  readonly next: Float64Array
  readonly done: boolean
}

// The error of the largest Ritz value is at most its residual r, and about r^2 / gap: if it is the
// largest eigenvalue's. A start all but orthogonal to that one's vector shows the second largest
// first, and only a small r itself tells them apart.
const converged = (
  diagonal: ReadonlyArray<number>,
  off: ReadonlyArray<number>,
  value: number,
  beta: number,
): boolean => {
  if (diagonal.length >= stepLimit || beta <= 1e-15 * value) return true
  const residual = beta * lastComponent(diagonal, off, value)
  const second = diagonal.length > 1 ? tridiagonalEigenvalue(diagonal, off, 2) : 0
  const gap = Math.max(value - second, Number.MIN_VALUE)
  return (
    residual <= residualTolerance * value &&
    Math.min(residual, residual ** 2 / gap) <= relativeTolerance * value
  )
}

const stepOf = (state: Lanczos, k: number, product: Float64Array): Step => {
  const { d } = state
  const v = state.vectors.subarray(k * d, k * d + d)
  const p = state.previous.subarray(k * d, k * d + d)
  const off = state.offs[k] ?? []
  const back = off[off.length - 1] ?? 0
  const alpha = v.reduce((sum, x, j) => sum + x * (product[j] ?? 0), 0)
  const w = product.map((x, j) => x - alpha * (v[j] ?? 0) - back * (p[j] ?? 0))
  const beta = length(w)
  const diagonal = [...(state.diagonals[k] ?? []), alpha]
  const value = tridiagonalEigenvalue(diagonal, off, 1)
  const done = converged(diagonal, off, value, beta)
  return { diagonal, off: [...off, beta], value, next: unit(w), done }
}

/** The state after `products` [K, d] = H_k^T H_k v_k came back for the active classes. */
export const stepLanczos = (state: Lanczos, products: Float64Array): Lanczos => {
  const { d } = state
  const [vectors, values] = [state.vectors.slice(), state.values.slice()]
  const [active, previous] = [state.active.slice(), state.previous.slice()]
  const [diagonals, offs] = [[...state.diagonals], [...state.offs]]
  state.active.forEach((flag, k) => {
    if (flag === 0) return
    const step = stepOf(state, k, products.subarray(k * d, k * d + d))
    previous.set(state.vectors.subarray(k * d, k * d + d), k * d)
    vectors.set(step.next, k * d)
    values[k] = step.value
    active[k] = step.done ? 0 : 1
    diagonals[k] = step.diagonal
    offs[k] = step.off
  })
  return { d, vectors, previous, active, values, diagonals, offs }
}

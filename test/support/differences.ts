// Gradients against central finite differences of the reference kernels.
import type { Data } from '../../src/core/aval.ts'
import { uniforms } from '../../src/core/random.ts'

/** A function of several arrays, linear combination `cotangents` of whose results is differentiated. */
export interface Differentiated {
  readonly f: (ins: ReadonlyArray<Data>) => ReadonlyArray<Data>
  readonly ins: ReadonlyArray<Data>
  /** By result; null leaves one out. */
  readonly cotangents: ReadonlyArray<Data | null>
}

const step = 1e-2
const samples = 8
const tolerance = 1e-3
const rounding = 2 ** -22

const moved = (ins: ReadonlyArray<Data>, operand: number, at: number, by: number) =>
  ins.map((data, i) => {
    const copy = data.slice()
    if (i === operand) copy[at] = (copy[at] ?? 0) + by
    return copy
  })

interface Change {
  /** Sum over all results of cotangent times difference. */
  readonly total: number
  /** Bound of the rounding errors in it: of the elements that changed, and of one that should have. */
  readonly noise: number
}

const change = (
  from: ReadonlyArray<Data>,
  to: ReadonlyArray<Data>,
  cotangents: Differentiated['cotangents'],
): Change => {
  let total = 0
  let noise = 0
  let hidden = 0
  cotangents.forEach((cotangent, port) => {
    const [before, after] = [from[port], to[port]]
    if (cotangent === null || before === undefined || after === undefined) return
    before.forEach((b, k) => {
      const [a, r] = [after[k] ?? 0, cotangent[k] ?? 0]
      total += r * (a - b)
      const error = rounding * Math.abs(r) * Math.max(Math.abs(a), Math.abs(b))
      if (a === b) hidden = Math.max(hidden, error)
      else noise += error
    })
  })
  return { total, noise: noise + hidden }
}

const places = (size: number, key: string): ReadonlyArray<number> => {
  const next = uniforms(2, key)
  return size <= samples
    ? Array.from({ length: size }, (_, i) => i)
    : Array.from({ length: samples }, () => Math.floor(next() * size))
}

const faultAt = (of: Differentiated, operand: number, at: number, g: number): string | null => {
  const { f, ins, cotangents } = of
  const x = ins[operand]?.[at] ?? 0
  const h = step * Math.max(1, Math.abs(x))
  const [below, above] = [moved(ins, operand, at, -h), moved(ins, operand, at, h)]
  const [xBelow, xAbove] = [below[operand]?.[at] ?? 0, above[operand]?.[at] ?? 0]
  const [low, mid, high] = [f(below), f(ins), f(above)]
  const width = xAbove - xBelow
  const central = change(low, high, cotangents)
  const slope = central.total / width
  const sides = [
    change(low, mid, cotangents).total / (x - xBelow),
    change(mid, high, cotangents).total / (xAbove - x),
  ]
  const [least, most] = [Math.min(...sides), Math.max(...sides)]
  const allowed = tolerance * Math.max(Math.abs(g), Math.abs(slope)) + (4 * central.noise) / width
  const kink = most - least > 0.1 * (Math.abs(most) + Math.abs(least)) + 2 * allowed
  const fits =
    Math.abs(g - slope) <= allowed || (kink && g >= least - allowed && g <= most + allowed)
  return fits
    ? null
    : `operand ${operand}, element ${at}: gradient ${g}, finite difference ${slope} within ${allowed.toExponential(1)}`
}

/**
 * The first sampled element of operand `operand` at which `gradient` differs from the central difference, as text; null
 * where there is none. At a kink any slope between the two one-sided ones will do.
 */
export const gradientFault = (
  of: Differentiated,
  operand: number,
  gradient: Data,
): string | null => {
  const at = places(gradient.length, `operand ${operand}`)
  for (const i of at) {
    const fault = faultAt(of, operand, i, gradient[i] ?? Number.NaN)
    if (fault !== null) return fault
  }
  return null
}
